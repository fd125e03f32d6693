#ifndef PHI_METER_H
#define PHI_METER_H

#include <stddef.h>

/// Forgets the highest mark and begins to count from what is held now.
void phi_meter_begin(void);

/// The most bytes that were held at once since the beginning, beyond those held then.
size_t phi_meter_peak(void);

#endif
