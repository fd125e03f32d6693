#include "CWeb.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// Made by scripts/page-assets from the files of page/.

static const unsigned char file_0[] = {
#embed "page/app.css"
};

static const unsigned char file_1[] = {
#embed "page/app.js"
};

static const unsigned char file_2[] = {
#embed "page/core/bech32m.js"
};

static const unsigned char file_3[] = {
#embed "page/core/bytes.js"
};

static const unsigned char file_4[] = {
#embed "page/core/content.js"
};

static const unsigned char file_5[] = {
#embed "page/core/entry.js"
};

static const unsigned char file_6[] = {
#embed "page/core/header.js"
};

static const unsigned char file_7[] = {
#embed "page/core/keys.js"
};

static const unsigned char file_8[] = {
#embed "page/core/link.js"
};

static const unsigned char file_9[] = {
#embed "page/core/merkle.js"
};

static const unsigned char file_10[] = {
#embed "page/core/minutes.js"
};

static const unsigned char file_11[] = {
#embed "page/core/parameters.js"
};

static const unsigned char file_12[] = {
#embed "page/core/peers.js"
};

static const unsigned char file_13[] = {
#embed "page/core/qr.js"
};

static const unsigned char file_14[] = {
#embed "page/core/receipt.js"
};

static const unsigned char file_15[] = {
#embed "page/core/safe.js"
};

static const unsigned char file_16[] = {
#embed "page/core/sha256.js"
};

static const unsigned char file_17[] = {
#embed "page/core/signature.js"
};

static const unsigned char file_18[] = {
#embed "page/core/stamp.js"
};

static const unsigned char file_19[] = {
#embed "page/core/terms.js"
};

static const unsigned char file_20[] = {
#embed "page/export/bundle.js"
};

static const unsigned char file_21[] = {
#embed "page/export/dom.js"
};

static const unsigned char file_22[] = {
#embed "page/export/file.css"
};

static const unsigned char file_23[] = {
#embed "page/export/file.js"
};

static const unsigned char file_24[] = {
#embed "page/export/judge.js"
};

static const unsigned char file_25[] = {
#embed "page/export/minutes-file.js"
};

static const unsigned char file_26[] = {
#embed "page/export/view.js"
};

static const unsigned char file_27[] = {
#embed "page/icon.svg"
};

static const unsigned char file_28[] = {
#embed "page/index.html"
};

static const unsigned char file_29[] = {
#embed "page/net/live.js"
};

static const unsigned char file_30[] = {
#embed "page/net/rpc.js"
};

static const unsigned char file_31[] = {
#embed "page/session/create.js"
};

static const unsigned char file_32[] = {
#embed "page/session/delivery.js"
};

static const unsigned char file_33[] = {
#embed "page/session/ending.js"
};

static const unsigned char file_34[] = {
#embed "page/session/entering.js"
};

static const unsigned char file_35[] = {
#embed "page/session/epochs.js"
};

static const unsigned char file_36[] = {
#embed "page/session/following.js"
};

static const unsigned char file_37[] = {
#embed "page/session/headers.js"
};

static const unsigned char file_38[] = {
#embed "page/session/hosting.js"
};

static const unsigned char file_39[] = {
#embed "page/session/hostlog.js"
};

static const unsigned char file_40[] = {
#embed "page/session/item.js"
};

static const unsigned char file_41[] = {
#embed "page/session/job.js"
};

static const unsigned char file_42[] = {
#embed "page/session/judge.js"
};

static const unsigned char file_43[] = {
#embed "page/session/keyring.js"
};

static const unsigned char file_44[] = {
#embed "page/session/listening.js"
};

static const unsigned char file_45[] = {
#embed "page/session/members.js"
};

static const unsigned char file_46[] = {
#embed "page/session/network.js"
};

static const unsigned char file_47[] = {
#embed "page/session/obstacle.js"
};

static const unsigned char file_48[] = {
#embed "page/session/queue.js"
};

static const unsigned char file_49[] = {
#embed "page/session/reading.js"
};

static const unsigned char file_50[] = {
#embed "page/session/record.js"
};

static const unsigned char file_51[] = {
#embed "page/session/room.js"
};

static const unsigned char file_52[] = {
#embed "page/session/secrets.js"
};

static const unsigned char file_53[] = {
#embed "page/session/send.js"
};

static const unsigned char file_54[] = {
#embed "page/session/session.js"
};

static const unsigned char file_55[] = {
#embed "page/session/shape.js"
};

static const unsigned char file_56[] = {
#embed "page/session/stamper.js"
};

static const unsigned char file_57[] = {
#embed "page/session/standing.js"
};

static const unsigned char file_58[] = {
#embed "page/session/unsealing.js"
};

static const unsigned char file_59[] = {
#embed "page/session/upkeep.js"
};

static const unsigned char file_60[] = {
#embed "page/session/view.js"
};

static const unsigned char file_61[] = {
#embed "page/session/writing.js"
};

static const unsigned char file_62[] = {
#embed "page/store/database.js"
};

static const unsigned char file_63[] = {
#embed "page/store/lock.js"
};

static const unsigned char file_64[] = {
#embed "page/ui/about.js"
};

static const unsigned char file_65[] = {
#embed "page/ui/charts.js"
};

static const unsigned char file_66[] = {
#embed "page/ui/chat.js"
};

static const unsigned char file_67[] = {
#embed "page/ui/composer.js"
};

static const unsigned char file_68[] = {
#embed "page/ui/create.js"
};

static const unsigned char file_69[] = {
#embed "page/ui/deeds.js"
};

static const unsigned char file_70[] = {
#embed "page/ui/details.js"
};

static const unsigned char file_71[] = {
#embed "page/ui/dialog.js"
};

static const unsigned char file_72[] = {
#embed "page/ui/dom.js"
};

static const unsigned char file_73[] = {
#embed "page/ui/explore.css"
};

static const unsigned char file_74[] = {
#embed "page/ui/explore/chain.js"
};

static const unsigned char file_75[] = {
#embed "page/ui/explore/entries.js"
};

static const unsigned char file_76[] = {
#embed "page/ui/explore/index.js"
};

static const unsigned char file_77[] = {
#embed "page/ui/explore/meetings.js"
};

static const unsigned char file_78[] = {
#embed "page/ui/explore/overview.js"
};

static const unsigned char file_79[] = {
#embed "page/ui/explore/parts.js"
};

static const unsigned char file_80[] = {
#embed "page/ui/explore/style.js"
};

static const unsigned char file_81[] = {
#embed "page/ui/find.js"
};

static const unsigned char file_82[] = {
#embed "page/ui/forget.js"
};

static const unsigned char file_83[] = {
#embed "page/ui/format.js"
};

static const unsigned char file_84[] = {
#embed "page/ui/frame.js"
};

static const unsigned char file_85[] = {
#embed "page/ui/join.js"
};

static const unsigned char file_86[] = {
#embed "page/ui/known.js"
};

static const unsigned char file_87[] = {
#embed "page/ui/list.js"
};

static const unsigned char file_88[] = {
#embed "page/ui/meeting.js"
};

static const unsigned char file_89[] = {
#embed "page/ui/message.js"
};

static const unsigned char file_90[] = {
#embed "page/ui/minutes.js"
};

static const unsigned char file_91[] = {
#embed "page/ui/model.js"
};

static const unsigned char file_92[] = {
#embed "page/ui/names.js"
};

static const unsigned char file_93[] = {
#embed "page/ui/people.js"
};

static const unsigned char file_94[] = {
#embed "page/ui/problem.js"
};

static const unsigned char file_95[] = {
#embed "page/ui/share.js"
};

static const unsigned char file_96[] = {
#embed "page/ui/start.js"
};

static const unsigned char file_97[] = {
#embed "page/ui/talk.js"
};

static const unsigned char file_98[] = {
#embed "page/ui/unread.js"
};

static const unsigned char file_99[] = {
#embed "page/ui/verify.js"
};

static const unsigned char file_100[] = {
#embed "page/ui/words.js"
};

static const unsigned char file_101[] = {
#embed "page/worker/stamp.js"
};

static const struct phi_asset assets[] = {
    {"app.css", file_0, sizeof file_0},
    {"app.js", file_1, sizeof file_1},
    {"core/bech32m.js", file_2, sizeof file_2},
    {"core/bytes.js", file_3, sizeof file_3},
    {"core/content.js", file_4, sizeof file_4},
    {"core/entry.js", file_5, sizeof file_5},
    {"core/header.js", file_6, sizeof file_6},
    {"core/keys.js", file_7, sizeof file_7},
    {"core/link.js", file_8, sizeof file_8},
    {"core/merkle.js", file_9, sizeof file_9},
    {"core/minutes.js", file_10, sizeof file_10},
    {"core/parameters.js", file_11, sizeof file_11},
    {"core/peers.js", file_12, sizeof file_12},
    {"core/qr.js", file_13, sizeof file_13},
    {"core/receipt.js", file_14, sizeof file_14},
    {"core/safe.js", file_15, sizeof file_15},
    {"core/sha256.js", file_16, sizeof file_16},
    {"core/signature.js", file_17, sizeof file_17},
    {"core/stamp.js", file_18, sizeof file_18},
    {"core/terms.js", file_19, sizeof file_19},
    {"export/bundle.js", file_20, sizeof file_20},
    {"export/dom.js", file_21, sizeof file_21},
    {"export/file.css", file_22, sizeof file_22},
    {"export/file.js", file_23, sizeof file_23},
    {"export/judge.js", file_24, sizeof file_24},
    {"export/minutes-file.js", file_25, sizeof file_25},
    {"export/view.js", file_26, sizeof file_26},
    {"icon.svg", file_27, sizeof file_27},
    {"index.html", file_28, sizeof file_28},
    {"net/live.js", file_29, sizeof file_29},
    {"net/rpc.js", file_30, sizeof file_30},
    {"session/create.js", file_31, sizeof file_31},
    {"session/delivery.js", file_32, sizeof file_32},
    {"session/ending.js", file_33, sizeof file_33},
    {"session/entering.js", file_34, sizeof file_34},
    {"session/epochs.js", file_35, sizeof file_35},
    {"session/following.js", file_36, sizeof file_36},
    {"session/headers.js", file_37, sizeof file_37},
    {"session/hosting.js", file_38, sizeof file_38},
    {"session/hostlog.js", file_39, sizeof file_39},
    {"session/item.js", file_40, sizeof file_40},
    {"session/job.js", file_41, sizeof file_41},
    {"session/judge.js", file_42, sizeof file_42},
    {"session/keyring.js", file_43, sizeof file_43},
    {"session/listening.js", file_44, sizeof file_44},
    {"session/members.js", file_45, sizeof file_45},
    {"session/network.js", file_46, sizeof file_46},
    {"session/obstacle.js", file_47, sizeof file_47},
    {"session/queue.js", file_48, sizeof file_48},
    {"session/reading.js", file_49, sizeof file_49},
    {"session/record.js", file_50, sizeof file_50},
    {"session/room.js", file_51, sizeof file_51},
    {"session/secrets.js", file_52, sizeof file_52},
    {"session/send.js", file_53, sizeof file_53},
    {"session/session.js", file_54, sizeof file_54},
    {"session/shape.js", file_55, sizeof file_55},
    {"session/stamper.js", file_56, sizeof file_56},
    {"session/standing.js", file_57, sizeof file_57},
    {"session/unsealing.js", file_58, sizeof file_58},
    {"session/upkeep.js", file_59, sizeof file_59},
    {"session/view.js", file_60, sizeof file_60},
    {"session/writing.js", file_61, sizeof file_61},
    {"store/database.js", file_62, sizeof file_62},
    {"store/lock.js", file_63, sizeof file_63},
    {"ui/about.js", file_64, sizeof file_64},
    {"ui/charts.js", file_65, sizeof file_65},
    {"ui/chat.js", file_66, sizeof file_66},
    {"ui/composer.js", file_67, sizeof file_67},
    {"ui/create.js", file_68, sizeof file_68},
    {"ui/deeds.js", file_69, sizeof file_69},
    {"ui/details.js", file_70, sizeof file_70},
    {"ui/dialog.js", file_71, sizeof file_71},
    {"ui/dom.js", file_72, sizeof file_72},
    {"ui/explore.css", file_73, sizeof file_73},
    {"ui/explore/chain.js", file_74, sizeof file_74},
    {"ui/explore/entries.js", file_75, sizeof file_75},
    {"ui/explore/index.js", file_76, sizeof file_76},
    {"ui/explore/meetings.js", file_77, sizeof file_77},
    {"ui/explore/overview.js", file_78, sizeof file_78},
    {"ui/explore/parts.js", file_79, sizeof file_79},
    {"ui/explore/style.js", file_80, sizeof file_80},
    {"ui/find.js", file_81, sizeof file_81},
    {"ui/forget.js", file_82, sizeof file_82},
    {"ui/format.js", file_83, sizeof file_83},
    {"ui/frame.js", file_84, sizeof file_84},
    {"ui/join.js", file_85, sizeof file_85},
    {"ui/known.js", file_86, sizeof file_86},
    {"ui/list.js", file_87, sizeof file_87},
    {"ui/meeting.js", file_88, sizeof file_88},
    {"ui/message.js", file_89, sizeof file_89},
    {"ui/minutes.js", file_90, sizeof file_90},
    {"ui/model.js", file_91, sizeof file_91},
    {"ui/names.js", file_92, sizeof file_92},
    {"ui/people.js", file_93, sizeof file_93},
    {"ui/problem.js", file_94, sizeof file_94},
    {"ui/share.js", file_95, sizeof file_95},
    {"ui/start.js", file_96, sizeof file_96},
    {"ui/talk.js", file_97, sizeof file_97},
    {"ui/unread.js", file_98, sizeof file_98},
    {"ui/verify.js", file_99, sizeof file_99},
    {"ui/words.js", file_100, sizeof file_100},
    {"worker/stamp.js", file_101, sizeof file_101},
};

size_t phi_asset_count(void) { return sizeof assets / sizeof assets[0]; }

const struct phi_asset *phi_asset_at(size_t index) { return &assets[index]; }
