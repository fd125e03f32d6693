#ifndef PHI_CGENESIS_H
#define PHI_CGENESIS_H

#include <stddef.h>

/// The genesis documents that are part of the program.
enum phi_genesis_name {
    PHI_GENESIS_MAIN,
    PHI_GENESIS_TEST,
    PHI_GENESIS_DEV,
};

/// The text of a genesis document, which lives as long as the program, and its bytes.
const unsigned char *phi_genesis(enum phi_genesis_name name, size_t *count);

#endif
