// A plugin that loads, and then breaks one rule: read.how says which. Written against the C interface, because the C++
// wrapper would not let most of it happen.
#include <unistd.h>
#include <yimen_plugin.h>

#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

namespace {

struct State {
    std::string how;
    const YimenHost* host = nullptr;
    int reads = 0;
    bool is(const char* name) const { return how.find(std::string("\"") + name + "\"") != std::string::npos; }
};

int32_t fail(YimenError* error, int32_t code, const std::string& text) {
    std::memcpy(error->text, text.data(), text.size());
    error->length = static_cast<uint32_t>(text.size());
    return code;
}

int32_t create(const YimenHost* host, YimenText config, void** instance, YimenError* error) {
    State state{std::string(config.data, config.length), host};
    if (state.is("throw in create")) throw std::runtime_error("not made");
    if (state.is("fail in create")) return fail(error, YIMEN_UNAUTHENTICATED, "wrong password");
    YimenText secret{};
    if (state.is("other secret") && host->secret(host->context, {"source.other", 12}, &secret) == YIMEN_DENIED) {
        return fail(error, YIMEN_DENIED, "denied as it should be");
    }
    *instance = new State(state);
    return YIMEN_OK;
}
int32_t start(void* instance, YimenError* error) {
    return static_cast<State*>(instance)->is("fail in start") ? fail(error, 77, "") : YIMEN_OK;
}
void stop(void* instance) {
    if (static_cast<State*>(instance)->is("throw in stop")) throw 1;
}
void destroy(void* instance) {
    delete static_cast<State*>(instance);
}
int32_t describe(void* instance, const YimenFieldList* list, YimenError*) {
    auto* state = static_cast<State*>(instance);
    if (state->is("throw in describe")) throw 5;
    const int columns = state->is("no columns") ? 0 : state->is("too many columns") ? 100'000 : 2;
    for (int i = 0; i < columns; ++i) list->add(list->context, {i == 0 ? "one" : "two", 3}, {nullptr, 0});
    return YIMEN_OK;
}
int32_t partitions(void* instance, uint32_t mode, const YimenPartitionList* list, YimenError* error) {
    if (static_cast<State*>(instance)->is("complete reads only") && mode == YIMEN_MODE_INCREMENTAL)
        return fail(error, YIMEN_INVALID, "there is nothing that says what changed");
    const int count = static_cast<State*>(instance)->is("too many partitions") ? 257 : 1;
    for (int i = 0; i < count; ++i) list->add(list->context, {"", 0}, {"", 0});
    return YIMEN_OK;
}
int32_t open(void* instance, YimenText, YimenText, uint32_t, YimenText, void** reader, YimenError* error) {
    if (static_cast<State*>(instance)->is("fail in open"))
        return fail(error, YIMEN_UNAVAILABLE, "\xff\x01 nobody there");
    *reader = instance;
    return YIMEN_OK;
}

/// One row of "ab" and null, as it should be.
void honest(YimenBatch* batch) {
    std::memcpy(batch->arena, "ab", 2);
    batch->cells[0] = {0, 2};
    batch->origins[0] = 1;
    batch->arena_used = 2;
    batch->rows = 1;
}

void lie(const State& state, YimenBatch* batch) {
    static char own[64] = "memory of the plugin";
    static YimenCell cells[8] = {};
    if (state.is("more rows than room")) batch->rows = batch->row_room + 1;
    if (state.is("huge rows")) batch->rows = ~uint64_t{0};
    if (state.is("more bytes than room")) batch->arena_used = batch->arena_room + 1;
    if (state.is("offset outside")) batch->cells[0] = {1, 2};
    if (state.is("offset that wraps")) batch->cells[0] = {0xFFFFFFFF, 0x7FFFFFFF};
    if (state.is("negative length")) batch->cells[0].length = -2;
    if (state.is("unknown op")) batch->ops[0] = 9;
    if (state.is("own arena")) batch->arena = own;
    static char* const allocated = static_cast<char*>(std::malloc(16));
    if (state.is("own allocation")) batch->arena = allocated;  // expecting that the host frees it
    if (state.is("own cells")) batch->cells = cells;
    if (state.is("own room")) batch->arena_room = 1U << 30U;
    if (state.is("not utf8")) std::memcpy(batch->arena, "\xc4\xe3", 2);
}

int32_t read(void* reader, YimenBatch* batch, YimenReadState* result, YimenError* error) {
    auto* state = static_cast<State*>(reader);
    ++state->reads;
    if (state->is("throw in read") || state->is("throw anything in read")) {
        honest(batch);
        if (state->is("throw in read")) throw std::runtime_error("in the middle");
        throw State{};
    }
    if (state->is("wait until cancelled")) {
        while (state->host->cancelled(state->host->context) == 0) ::usleep(10'000);
        return fail(error, YIMEN_UNAVAILABLE, "cancelled");
    }
    if (state->is("fail once") && state->reads == 1) return fail(error, YIMEN_TIMEOUT, std::string(999, 'x'));
    if (state->is("grow too far") && batch->grow(batch, uint64_t{1} << 40U) != YIMEN_OK) {
        return fail(error, YIMEN_TOO_LARGE, "does not fit");
    }
    honest(batch);
    if (state->is("long error")) error->length = 1'000'000;
    lie(*state, batch);
    result->end = state->is("odd end") ? 7 : 1;
    const std::string position(state->is("long position") ? 100'000 : 3, 'p');
    if (!state->is("no position")) result->position(result->context, {position.data(), position.size()});
    return state->is("long error") ? YIMEN_UPSTREAM : YIMEN_OK;
}
void close(void* reader) {
    if (static_cast<State*>(reader)->is("throw in close")) throw 2;
}

constexpr char kSchema[] = R"({"type": "object", "properties": {
  "source": {"type": "object", "properties": {"password": {"type": "string", "secret": true}}},
  "read": {"type": "object", "properties": {"how": {"type": "string"}}}}})";
constexpr YimenSource kSource = {sizeof(YimenSource), 0, describe, partitions, open, read, nullptr, close};
constexpr YimenPlugin kPlugin = {sizeof(YimenPlugin),
                                 YIMEN_PLUGIN_ABI,
                                 {"misbehaving", 11},
                                 {"source", 6},
                                 {"1", 1},
                                 0,
                                 0,
                                 {kSchema, sizeof kSchema - 1},
                                 create,
                                 start,
                                 stop,
                                 destroy,
                                 &kSource,
                                 nullptr};

}  // namespace

extern "C" YIMEN_PLUGIN_EXPORT const YimenPlugin* yimen_plugin_v1() {
    return &kPlugin;
}
