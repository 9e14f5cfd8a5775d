#pragma once

// A small host for tests of sinks, as yimen/harness.hpp is for sources.
#include <yimen/harness.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace yimen::test {

/// One row to write; `cells` in the order of the item's fields.
struct Given {
    harness::Row cells;
    bool gone = false;
    std::uint64_t origin = 1;
};

/// A library with an instance of a sink, and one writing at a time.
class SinkHost {
public:
    SinkHost(const std::string& path, const std::string& config, std::map<std::string, std::string> secrets = {})
        : secrets_(std::move(secrets)) {
        void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) throw std::runtime_error(::dlerror());
        void* symbol = ::dlsym(library, YIMEN_PLUGIN_SYMBOL);
        YimenPluginEntry entry = nullptr;
        static_assert(sizeof entry == sizeof symbol);
        __builtin_memcpy(&entry, &symbol, sizeof entry);
        plugin_ = entry();
        if (plugin_->sink == nullptr) throw std::runtime_error("no sink");
        host_ = {sizeof host_, YIMEN_PLUGIN_ABI, this, log, secret, isCancelled};
        check([&](YimenError* error) { return plugin_->create(&host_, harness::toText(config), &instance_, error); });
    }
    SinkHost(const SinkHost&) = delete;
    SinkHost& operator=(const SinkHost&) = delete;
    ~SinkHost() {
        close();
        plugin_->destroy(instance_);
    }

    /// Begins a writing; gives the position that was committed last.
    std::string begin(const std::string& item) {
        close();
        std::string position;
        YimenReadState state{sizeof state, 0, &position, takePosition, nullptr};
        check([&](YimenError* error) {
            return plugin_->sink->begin(instance_, harness::toText(item), &state, &writer_, error);
        });
        return position;
    }
    void write(const std::vector<Given>& given) {
        std::string arena;
        std::vector<YimenCell> cells;
        std::vector<std::uint8_t> ops;
        std::vector<std::uint64_t> origins;
        for (const Given& one : given) {
            for (const auto& cell : one.cells) {
                cells.push_back({static_cast<std::uint32_t>(arena.size()),
                                 cell ? static_cast<std::int32_t>(cell->size()) : YIMEN_NULL});
                arena += cell.value_or("");
            }
            ops.push_back(one.gone ? YIMEN_ROW_DELETE : YIMEN_ROW_UPSERT);
            origins.push_back(one.origin);
        }
        const YimenRows rows{sizeof rows,  given.empty() ? 0 : static_cast<std::uint32_t>(given.front().cells.size()),
                             given.size(), cells.data(),
                             ops.data(),   origins.data(),
                             arena.data(), arena.size()};
        check([&](YimenError* error) { return plugin_->sink->write(writer_, &rows, error); });
    }
    void commit(const std::string& position) {
        check([&](YimenError* error) { return plugin_->sink->commit(writer_, harness::toText(position), error); });
    }
    void close() {
        if (writer_ != nullptr) plugin_->sink->close(std::exchange(writer_, nullptr));
    }

    bool cancelled = false;

private:
    template <typename Call>
    static void check(const Call& call) {
        YimenError error{};
        error.size = sizeof error;
        const int code = call(&error);
        if (code != YIMEN_OK) throw harness::PluginError(code, std::string(error.text, error.length));
    }
    static void takePosition(void* context, YimenText position) {
        *static_cast<std::string*>(context) = harness::toString(position);
    }
    static void log(void* /*context*/, std::int32_t /*level*/, YimenText /*message*/) {}
    static std::int32_t secret(void* context, YimenText name, YimenText* value) {
        const auto& secrets = static_cast<SinkHost*>(context)->secrets_;
        const auto found = secrets.find(harness::toString(name));
        if (found == secrets.end()) return YIMEN_NOT_FOUND;
        *value = harness::toText(found->second);
        return YIMEN_OK;
    }
    static std::int32_t isCancelled(void* context) { return static_cast<SinkHost*>(context)->cancelled ? 1 : 0; }

    std::map<std::string, std::string> secrets_;
    const YimenPlugin* plugin_ = nullptr;
    YimenHost host_{};
    void* instance_ = nullptr;
    void* writer_ = nullptr;
};

}  // namespace yimen::test
