#include "CWeb.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// Made by scripts/page-assets from the files of page/.

static const unsigned char file_0[] = {
#embed "page/core/bech32m.js"
};

static const unsigned char file_1[] = {
#embed "page/core/bytes.js"
};

static const unsigned char file_2[] = {
#embed "page/core/content.js"
};

static const unsigned char file_3[] = {
#embed "page/core/entry.js"
};

static const unsigned char file_4[] = {
#embed "page/core/header.js"
};

static const unsigned char file_5[] = {
#embed "page/core/keys.js"
};

static const unsigned char file_6[] = {
#embed "page/core/link.js"
};

static const unsigned char file_7[] = {
#embed "page/core/merkle.js"
};

static const unsigned char file_8[] = {
#embed "page/core/parameters.js"
};

static const unsigned char file_9[] = {
#embed "page/core/receipt.js"
};

static const unsigned char file_10[] = {
#embed "page/core/sha256.js"
};

static const unsigned char file_11[] = {
#embed "page/core/signature.js"
};

static const unsigned char file_12[] = {
#embed "page/core/stamp.js"
};

static const unsigned char file_13[] = {
#embed "page/core/terms.js"
};

static const unsigned char file_14[] = {
#embed "page/net/live.js"
};

static const unsigned char file_15[] = {
#embed "page/net/rpc.js"
};

static const unsigned char file_16[] = {
#embed "page/session/epochs.js"
};

static const unsigned char file_17[] = {
#embed "page/session/headers.js"
};

static const unsigned char file_18[] = {
#embed "page/session/judge.js"
};

static const unsigned char file_19[] = {
#embed "page/session/keyring.js"
};

static const unsigned char file_20[] = {
#embed "page/session/network.js"
};

static const unsigned char file_21[] = {
#embed "page/session/reading.js"
};

static const unsigned char file_22[] = {
#embed "page/session/session.js"
};

static const unsigned char file_23[] = {
#embed "page/session/stamper.js"
};

static const unsigned char file_24[] = {
#embed "page/session/writing.js"
};

static const unsigned char file_25[] = {
#embed "page/store/database.js"
};

static const unsigned char file_26[] = {
#embed "page/store/lock.js"
};

static const unsigned char file_27[] = {
#embed "page/worker/stamp.js"
};

static const struct phi_asset assets[] = {
    {"core/bech32m.js", file_0, sizeof file_0},
    {"core/bytes.js", file_1, sizeof file_1},
    {"core/content.js", file_2, sizeof file_2},
    {"core/entry.js", file_3, sizeof file_3},
    {"core/header.js", file_4, sizeof file_4},
    {"core/keys.js", file_5, sizeof file_5},
    {"core/link.js", file_6, sizeof file_6},
    {"core/merkle.js", file_7, sizeof file_7},
    {"core/parameters.js", file_8, sizeof file_8},
    {"core/receipt.js", file_9, sizeof file_9},
    {"core/sha256.js", file_10, sizeof file_10},
    {"core/signature.js", file_11, sizeof file_11},
    {"core/stamp.js", file_12, sizeof file_12},
    {"core/terms.js", file_13, sizeof file_13},
    {"net/live.js", file_14, sizeof file_14},
    {"net/rpc.js", file_15, sizeof file_15},
    {"session/epochs.js", file_16, sizeof file_16},
    {"session/headers.js", file_17, sizeof file_17},
    {"session/judge.js", file_18, sizeof file_18},
    {"session/keyring.js", file_19, sizeof file_19},
    {"session/network.js", file_20, sizeof file_20},
    {"session/reading.js", file_21, sizeof file_21},
    {"session/session.js", file_22, sizeof file_22},
    {"session/stamper.js", file_23, sizeof file_23},
    {"session/writing.js", file_24, sizeof file_24},
    {"store/database.js", file_25, sizeof file_25},
    {"store/lock.js", file_26, sizeof file_26},
    {"worker/stamp.js", file_27, sizeof file_27},
};

size_t phi_asset_count(void) { return sizeof assets / sizeof assets[0]; }

const struct phi_asset *phi_asset_at(size_t index) { return &assets[index]; }
