#ifndef PHI_CWEB_H
#define PHI_CWEB_H

#include <stddef.h>

/// One file of the web page, which lives as long as the program.
struct phi_asset {
    /// The path below the page's folder.
    const char *path;
    /// The contents.
    const unsigned char *bytes;
    /// The bytes of the contents.
    size_t count;
};

/// How many files the page has.
size_t phi_asset_count(void);

/// One of them, in the order of their paths.
const struct phi_asset *phi_asset_at(size_t index);

/// Compresses bytes as gzip, the same ones always to the same.
///
/// Gives the bytes written, or 0 where the output would not fit into the capacity.
size_t phi_gzip(const unsigned char *bytes, size_t count, unsigned char *output, size_t capacity);

#endif
