#include "CGenesis.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char main_json[] = {
#embed "../../genesis/main.json"
};

static const unsigned char test_json[] = {
#embed "../../genesis/test.json"
};

static const unsigned char dev_json[] = {
#embed "../../genesis/dev.json"
};

const unsigned char *phi_genesis(enum phi_genesis_name name, size_t *count) {
    switch (name) {
    case PHI_GENESIS_MAIN:
        *count = sizeof main_json;
        return main_json;
    case PHI_GENESIS_TEST:
        *count = sizeof test_json;
        return test_json;
    case PHI_GENESIS_DEV:
        *count = sizeof dev_json;
        return dev_json;
    }
    *count = 0;
    return NULL;
}
