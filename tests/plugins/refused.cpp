// Plugins that must not be loaded: one fault each, chosen by REFUSED_... (tests/plugins/CMakeLists.txt).
#include <yimen_plugin.h>

namespace {

int32_t create(const YimenHost*, YimenText, void** instance, YimenError*) {
    static int place = 0;
    *instance = &place;
    return YIMEN_OK;
}
void destroy(void*) {}
int32_t describe(void*, const YimenFieldList*, YimenError*) {
    return YIMEN_OK;
}
int32_t partitions(void*, uint32_t, const YimenPartitionList*, YimenError*) {
    return YIMEN_OK;
}
int32_t open(void*, YimenText, YimenText, uint32_t, YimenText, void**, YimenError*) {
    return YIMEN_OK;
}
int32_t read(void*, YimenBatch*, YimenReadState*, YimenError*) {
    return YIMEN_OK;
}
void close(void*) {}

YimenSource source = {sizeof(YimenSource), 0, describe, partitions, open, read, nullptr, close};
YimenPlugin plugin = {sizeof(YimenPlugin), YIMEN_PLUGIN_ABI, {"refused", 7}, {"source", 6}, {"1", 1}, 1,       0,
                      {nullptr, 0},        create,           nullptr,        nullptr,       destroy,  &source, nullptr};

#ifdef REFUSED_THROWS_AT_LOAD
struct Thrower {
    Thrower() { throw 7; }
} thrower;
#endif

}  // namespace

#ifdef REFUSED_MISSING_REFERENCE
extern "C" int nobodyDefinesThis();
#endif

#ifdef REFUSED_NO_SYMBOL
extern "C" YIMEN_PLUGIN_EXPORT const YimenPlugin* yimen_plugin_v2() {
    return &plugin;
}
#else
extern "C" YIMEN_PLUGIN_EXPORT const YimenPlugin* yimen_plugin_v1() {
#if defined(REFUSED_WRONG_VERSION)
    plugin.abi = YIMEN_PLUGIN_ABI + 1;
#elif defined(REFUSED_SIZE)
    plugin.size = sizeof(YimenPlugin) - 8;
#elif defined(REFUSED_SOURCE_SIZE)
    source.size = 8;
#elif defined(REFUSED_NAME)
    plugin.name = {"other", 5};
#elif defined(REFUSED_KIND)
    plugin.kind = {"sink", 4};
#elif defined(REFUSED_NO_FUNCTION)
    source.read = nullptr;
#elif defined(REFUSED_SCHEMA)
    plugin.config_schema = {R"({"type": "objekt"})", 18};
#elif defined(REFUSED_THROWS_IN_ENTRY)
    throw 8;
#elif defined(REFUSED_NOTHING)
    return nullptr;
#elif defined(REFUSED_ENDS_PROCESS)
    __builtin_trap();
#elif defined(REFUSED_MISSING_REFERENCE)
    plugin.reserved = static_cast<uint32_t>(nobodyDefinesThis());
#endif
    return &plugin;
}
#endif
