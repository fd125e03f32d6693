#include "CWeb.h"

#include <limits.h>
#include <zlib.h>

/// A window of 32 kB, in the format of gzip: no name, no time.
#define PHI_GZIP_WINDOW (15 + 16)

size_t phi_gzip(const unsigned char *bytes, size_t count, unsigned char *output, size_t capacity) {
    if (count > UINT_MAX || capacity > UINT_MAX) return 0;
    z_stream stream = {0};
    int status = deflateInit2(
        &stream, Z_BEST_COMPRESSION, Z_DEFLATED, PHI_GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY);
    if (status != Z_OK) return 0;
    stream.next_in = (unsigned char *)bytes;
    stream.avail_in = (unsigned int)count;
    stream.next_out = output;
    stream.avail_out = (unsigned int)capacity;
    status = deflate(&stream, Z_FINISH);
    size_t written = stream.total_out;
    deflateEnd(&stream);
    return status == Z_STREAM_END ? written : 0;
}
