/* The plugin interface of Yimen (yimen_plugin.h), version 1. Plain C11; C++ authors take yimen/plugin.hpp on top of it.
 *
 * A plugin is one shared library with exactly one exported symbol, yimen_plugin_v1, compiled with
 * -fvisibility=hidden -Wl,--no-undefined. The rules that hold everywhere:
 *
 * - Texts: pointer and length, UTF-8, no NUL at the end. A text given to you is yours to read until the call returns,
 *   unless its line here says longer. Keep a copy of what you need.
 * - Memory: whoever allocated it frees it. Nothing in this interface changes its owner: what the host must keep you
 *   hand to one of its functions (it copies), what you must keep you copy.
 * - Structs begin with `size` = sizeof as the side that made the struct knows it. They grow at the end only, so a field
 *   is there when it lies within `size`. The cells of a batch and YimenText are elements of arrays and never grow.
 * - Errors: a function returns YIMEN_OK or another YimenCode, and then fills in YimenError. Never leave a function by a
 *   C++ exception or longjmp. (The host catches an exception all the same, and calls that object no more.)
 * - Threads: thread_safe = 1: instances are called from several threads at once. 0: the host calls nothing of this
 *   library while another call into it runs. A reader or writer is always used by one thread at a time.
 * - Order: create, start, ..., stop, destroy; every reader is closed before stop. The library is never unloaded.
 * - Time: every call may block except stop; ask cancelled() wherever it may take long, at least once a second.
 */
#pragma once
/* NOLINTBEGIN(modernize-*,readability-identifier-naming): this is C */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The plugin version check: the host refuses a library whose descriptor carries another number. It goes up only when
 * something here changes its meaning; growth at the end of a struct leaves it as it is. */
#define YIMEN_PLUGIN_ABI 1u

#if defined(__GNUC__)
#define YIMEN_PLUGIN_EXPORT __attribute__((visibility("default")))
#else
#define YIMEN_PLUGIN_EXPORT
#endif

typedef enum YimenCode {
    YIMEN_OK = 0,
    YIMEN_INVALID = 1,          /* the configuration or the call cannot be accepted: a person has to mend it */
    YIMEN_DENIED = 2,           /* the other side knows who we are and says no, or a secret is not declared */
    YIMEN_NOT_FOUND = 3,        /* no such table, file, object */
    YIMEN_UNAVAILABLE = 4,      /* the other side does not answer now: worth another try later */
    YIMEN_TIMEOUT = 5,          /* a time limit passed: worth another try later */
    YIMEN_UPSTREAM = 6,         /* the other side answered, but not as it should */
    YIMEN_CORRUPT = 7,          /* data failed its check */
    YIMEN_CANCELLED = 8,        /* cancelled() said so */
    YIMEN_TOO_LARGE = 9,        /* a named limit was passed */
    YIMEN_UNAUTHENTICATED = 10, /* the credential was not accepted */
    YIMEN_INTERNAL = 11,        /* a bug of the plugin; also what every unknown number means */
    YIMEN_CONFLICT = 12         /* another one has taken the work over: stop, nothing of it was written */
} YimenCode;

typedef enum YimenLogLevel {
    YIMEN_LOG_DEBUG = 0,
    YIMEN_LOG_INFO = 1,
    YIMEN_LOG_WARN = 2,
    YIMEN_LOG_ERROR = 3
} YimenLogLevel;

/* A view of UTF-8 bytes. `data` may be NULL when `length` is 0. */
typedef struct YimenText {
    const char* data;
    size_t length;
} YimenText;

/* Owned by the host, one per call. Write words for a person into `text` (Chinese first, then English; no secret), and
 * how many bytes you wrote into `length`. More than YIMEN_ERROR_TEXT bytes do not fit: cut them. */
#define YIMEN_ERROR_TEXT 1000u
typedef struct YimenError {
    uint32_t size;
    uint32_t length;
    char text[YIMEN_ERROR_TEXT];
} YimenError;

/* What the host does for a plugin. One per instance, good from create() until destroy() returns; thread-safe. */
typedef struct YimenHost {
    uint32_t size;
    uint32_t abi;  /* YIMEN_PLUGIN_ABI of the host */
    void* context; /* the host's own; hand it back */
    /* One line of the hub's log. Never a secret. At most 4000 bytes are kept. */
    void (*log)(void* context, int32_t level, YimenText message);
    /* The secret that stands under `name` in the configuration (the schema says "secret": true; the configuration that
     * create() gets does not hold it). The view is good until destroy() returns. YIMEN_NOT_FOUND when the item leaves
     * it out, YIMEN_DENIED when the schema does not declare it. */
    int32_t (*secret)(void* context, YimenText name, YimenText* value);
    /* 1: give up soon and return YIMEN_CANCELLED. */
    int32_t (*cancelled)(void* context);
} YimenHost;

/* ---- batches -------------------------------------------------------------------------------------------------- */

/* A cell: `length` bytes at `offset` of the batch's arena; -1: null, which is not the empty text. */
typedef struct YimenCell {
    uint32_t offset;
    int32_t length;
} YimenCell;
#define YIMEN_NULL (-1)

/* What a row is. */
#define YIMEN_ROW_UPSERT 0u /* this is the record now */
#define YIMEN_ROW_DELETE 1u /* the record with this key is gone; only the key cells count */

/* The host's own memory, lent to read() to be filled in place: nothing is copied afterwards. Cells are in row order,
 * all null at first; ops all UPSERT. Write cells, ops, origins and the arena; then set `rows` and `arena_used`. Every
 * cell must lie within arena_used. The host checks all of it and refuses the batch when it lies. */
typedef struct YimenBatch {
    uint32_t size;
    uint32_t columns;    /* cells per row: what describe() gave */
    uint64_t row_room;   /* rows that fit */
    uint64_t rows;       /* you: rows written */
    YimenCell* cells;    /* row_room * columns of them */
    uint8_t* ops;        /* row_room of them: YIMEN_ROW_... */
    uint64_t* origins;   /* row_room of them: where a person finds the row (line, record, sequence number) */
    char* arena;         /* text of the cells; moves when it grows */
    uint64_t arena_room; /* bytes that fit now */
    uint64_t arena_used; /* you: bytes written */
    uint64_t arena_goal; /* begin no further row when arena_used is at or above it */
    void* context;       /* the host's own; hand it back */
    /* Makes arena_room at least `room`, keeping the first arena_used bytes. `arena` and `arena_room` change.
     * YIMEN_TOO_LARGE above the host's limit (one cell of 64 MiB, 4 GiB in all): leave the row out and fail. */
    int32_t (*grow)(struct YimenBatch* batch, uint64_t room);
} YimenBatch;

/* Rows to write somewhere: the host's memory, for reading only, good until write() returns. */
typedef struct YimenRows {
    uint32_t size;
    uint32_t columns;
    uint64_t rows;
    const YimenCell* cells;
    const uint8_t* ops;
    const uint64_t* origins;
    const char* arena;
    uint64_t arena_size;
} YimenRows;

/* ---- answers: the host gives a function that takes them one by one, and copies ------------------------------- */

typedef struct YimenFieldList {
    uint32_t size;
    void* context;
    /* `type` is the source's own word for it; may be empty. */
    void (*add)(void* context, YimenText name, YimenText type);
} YimenFieldList;

typedef struct YimenPartitionList {
    uint32_t size;
    void* context;
    /* `id` is stable over restarts ("" when there is one only), `bound` your own words (JSON) for what belongs to it,
     * fixed now for the whole run. At most 256. */
    void (*add)(void* context, YimenText id, YimenText bound);
} YimenPartitionList;

/* What read() says beside the rows. */
typedef struct YimenReadState {
    uint32_t size;
    uint32_t end; /* 1: nothing more now; the batch may still hold rows */
    void* context;
    /* Where reading stands after these rows: your own words, at most 64 KiB; committed together with the rows and given
     * to open() when reading goes on. Call it once per read() that gave rows. */
    void (*position)(void* context, YimenText position);
    /* Not in the hosts before it was added: look at `size`; NULL for begin(). A record that is no row: it becomes a
     * dead letter, committed with the rows of this read(). `place` says where a person finds it, `reason` what is wrong
     * (no personal data), `raw` are its bytes as they came. YIMEN_TOO_LARGE: no more fit into this read(). */
    int32_t (*refuse)(void* context, uint64_t origin, YimenText place, YimenText reason, YimenText raw);
} YimenReadState;

/* ---- kinds ---------------------------------------------------------------------------------------------------- */

#define YIMEN_MODE_FULL 0u        /* every record there is: what is absent at the end has been deleted */
#define YIMEN_MODE_INCREMENTAL 1u /* what changed since the position */

/* kind "source": rows come from it. `instance` is what create() made, `reader` what open() made. */
typedef struct YimenSource {
    uint32_t size;
    uint32_t reserved;
    /* Columns as they are now, in the order of the cells that read() gives. */
    int32_t (*describe)(void* instance, const YimenFieldList* fields, YimenError* error);
    /* The parts of a new run. YIMEN_INVALID for a mode that cannot be done. */
    int32_t (*partitions)(void* instance, uint32_t mode, const YimenPartitionList* list, YimenError* error);
    /* Begins to read one partition; `position` is empty for the beginning. */
    int32_t (*open)(void* instance, YimenText partition, YimenText bound, uint32_t mode, YimenText position,
                    void** reader, YimenError* error);
    /* Fills the batch. No row without end set means: nothing at the moment, ask again. */
    int32_t (*read)(void* reader, YimenBatch* batch, YimenReadState* state, YimenError* error);
    /* Optional (NULL). The rows up to `position` are durable: you may forget them. */
    int32_t (*confirm)(void* reader, YimenText position, YimenError* error);
    /* Ends the read; called exactly once. */
    void (*close)(void* reader);
} YimenSource;

/* kind "sink": rows go to it. `writer` is what begin() made. */
typedef struct YimenSink {
    uint32_t size;
    uint32_t reserved;
    /* Begins to write one item. `item` is JSON: {"code", "table", "run", "fields": [{"name", "type", "key"}]}. Give the
     * position that was committed last to `state->position`, if you keep one. */
    int32_t (*begin)(void* instance, YimenText item, YimenReadState* state, void** writer, YimenError* error);
    /* Takes rows. They need not be durable before commit(). */
    int32_t (*write)(void* writer, const YimenRows* rows, YimenError* error);
    /* Makes everything since the last commit durable, together with `position` where you can. */
    int32_t (*commit)(void* writer, YimenText position, YimenError* error);
    /* Ends the writing; what was not committed is gone. Called exactly once. */
    void (*close)(void* writer);
} YimenSink;

/* ---- the descriptor ------------------------------------------------------------------------------------------- */

typedef struct YimenPlugin {
    uint32_t size;
    uint32_t abi;         /* YIMEN_PLUGIN_ABI that the plugin was built against */
    YimenText name;       /* as the file: NAME.so; lower-case letters, digits, '-'; begins with a letter */
    YimenText kind;       /* "source" or "sink" */
    YimenText version;    /* of the plugin; words for people */
    uint32_t thread_safe; /* 1 or 0: see Threads above */
    uint32_t reserved;
    /* What may stand in the item's configuration: see plugins/README.md, "Configuration schema". Empty: nothing may. */
    YimenText config_schema;
    /* Makes an instance. `config` is JSON that fits the schema, defaults filled in, secrets left out. Do not connect
     * here: describe() and open() do. */
    int32_t (*create)(const YimenHost* host, YimenText config, void** instance, YimenError* error);
    /* Optional (NULL). Begin background work; stop() ends it and makes blocked calls return soon. */
    int32_t (*start)(void* instance, YimenError* error);
    void (*stop)(void* instance);
    /* Called exactly once for what create() made. */
    void (*destroy)(void* instance);
    const YimenSource* source; /* kind "source": set; else NULL */
    const YimenSink* sink;     /* kind "sink": set; else NULL */
} YimenPlugin;

/* The one symbol. The descriptor is constant and lives as long as the library. Do nothing else here: no thread, no
 * file, no connection. The host first calls it in a process of its own, to see that it returns. */
YIMEN_PLUGIN_EXPORT const YimenPlugin* yimen_plugin_v1(void);

typedef const YimenPlugin* (*YimenPluginEntry)(void);
#define YIMEN_PLUGIN_SYMBOL "yimen_plugin_v1"

#ifdef __cplusplus
}
#endif
/* NOLINTEND(modernize-*,readability-identifier-naming) */
