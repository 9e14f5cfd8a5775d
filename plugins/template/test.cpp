// Drives the built library as the hub does, without the hub.
#include <cstdio>
#include <yimen/harness.hpp>

namespace {

int failures = 0;

void expect(bool good, const char* what) {
    if (good) return;
    std::fprintf(stderr, "failed: %s\n", what);
    ++failures;
}

}  // namespace

int main() {
    yimen::harness::Source source(PLUGIN, R"({"read": {"count": 5}})");
    expect(source.describe().size() == 2, "two columns");
    const auto rows = source.all();
    expect(rows.size() == 5, "five rows");
    expect(!rows.empty() && rows.back()[1] == "16", "the last square");
    std::string position = R"({"next":4})";
    expect(source.all(YIMEN_MODE_FULL, position).size() == 1, "goes on from a position");
    bool refused = false;
    try {
        source.partitions(YIMEN_MODE_INCREMENTAL);
    } catch (const yimen::harness::PluginError& error) {
        refused = error.code == YIMEN_INVALID;
    }
    expect(refused, "incremental reading is refused");
    if (failures == 0) std::puts("ok");
    return failures == 0 ? 0 : 1;
}
