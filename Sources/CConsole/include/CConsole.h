#pragma once
#include <stddef.h>

/// One file of Sources/CConsole, as it was when the program was built.
typedef struct {
    /// Such as `templates/layout.mustache`.
    const char *_Nonnull path;
    const unsigned char *_Nonnull bytes;
    size_t length;
} console_file;

console_file console_file_at(size_t index);
size_t console_file_count(void);
