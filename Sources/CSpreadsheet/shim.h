#pragma once
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

// open with its mode is variadic and is not imported by Swift.
static inline int sm_open_to_read(const char *path) { return open(path, O_RDONLY | O_CLOEXEC); }

// The folder's name ends in XXXXXX, which the call replaces; only its owner may enter it.
static inline int sm_make_folder(char *name) { return mkdtemp(name) == NULL ? errno : 0; }

static inline int sm_errno(void) { return errno; }
