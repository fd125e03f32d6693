#include "CReference.h"

#include <leveldb/c.h>
#include <stdlib.h>
#include <string.h>

struct phi_bare_store {
    leveldb_t *database;
    leveldb_options_t *options;
    leveldb_filterpolicy_t *filter;
    leveldb_writeoptions_t *durable;
};

phi_bare_store *phi_bare_store_create(
    const char *path,
    size_t write_buffer_bytes,
    size_t file_bytes,
    int bloom_bits
) {
    phi_bare_store *made = calloc(1, sizeof *made);
    if (made == NULL) return NULL;
    char *message = NULL;
    made->options = leveldb_options_create();
    made->filter = leveldb_filterpolicy_create_bloom(bloom_bits);
    made->durable = leveldb_writeoptions_create();
    leveldb_options_set_create_if_missing(made->options, 1);
    leveldb_options_set_error_if_exists(made->options, 1);
    leveldb_options_set_compression(made->options, leveldb_no_compression);
    leveldb_options_set_write_buffer_size(made->options, write_buffer_bytes);
    leveldb_options_set_max_file_size(made->options, file_bytes);
    leveldb_options_set_filter_policy(made->options, made->filter);
    leveldb_writeoptions_set_sync(made->durable, 1);
    made->database = leveldb_open(made->options, path, &message);
    leveldb_free(message);
    if (made->database != NULL) return made;
    phi_bare_store_destroy(made);
    return NULL;
}

int phi_bare_store_write(phi_bare_store *store, const uint8_t *changes, size_t count) {
    leveldb_writebatch_t *batch = leveldb_writebatch_create();
    size_t place = 0;
    while (place < count) {
        uint32_t lengths[2];
        memcpy(lengths, changes + place, sizeof lengths);
        const char *key = (const char *)changes + place + sizeof lengths;
        place += sizeof lengths + lengths[0];
        if (lengths[1] == UINT32_MAX) {
            leveldb_writebatch_delete(batch, key, lengths[0]);
        } else {
            leveldb_writebatch_put(batch, key, lengths[0], key + lengths[0], lengths[1]);
            place += lengths[1];
        }
    }
    char *message = NULL;
    leveldb_write(store->database, store->durable, batch, &message);
    leveldb_writebatch_destroy(batch);
    int isWritten = message == NULL;
    leveldb_free(message);
    return isWritten;
}

void phi_bare_store_destroy(phi_bare_store *store) {
    if (store == NULL) return;
    if (store->database != NULL) leveldb_close(store->database);
    leveldb_writeoptions_destroy(store->durable);
    leveldb_options_destroy(store->options);
    leveldb_filterpolicy_destroy(store->filter);
    free(store);
}
