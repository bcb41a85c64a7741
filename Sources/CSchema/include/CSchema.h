#pragma once
#include <stddef.h>

/// One numbered file of Schema/, as it was when the program was built.
typedef struct {
    int version;
    const char *_Nonnull name;
    const unsigned char *_Nonnull text;
    size_t length;
} schema_file;

/// The file at that place, counted from 0 in the order of their numbers.
schema_file schema_file_at(size_t index);
size_t schema_file_count(void);
