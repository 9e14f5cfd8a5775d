#pragma once

// A small host for a plugin's own tests: opens the library, makes an instance, reads everything. Header only; no part
// of the hub. It checks what the hub checks of a batch, roughly, by throwing.

#include <dlfcn.h>
#include <yimen_plugin.h>

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yimen::harness {

using Row = std::vector<std::optional<std::string>>;

/// What a plugin said with its code.
struct PluginError : std::runtime_error {
    PluginError(int errorCode, const std::string& text) : std::runtime_error(text), code(errorCode) {}
    int code;
};

inline std::string toString(YimenText text) {
    return text.data == nullptr ? std::string() : std::string(text.data, text.length);
}
inline YimenText toText(std::string_view text) {
    return {text.data(), text.size()};
}

/// Rows of one read() and what was said with them.
struct Answer {
    std::vector<Row> rows;
    std::vector<unsigned> ops;
    std::vector<std::string> refused;  ///< "place: reason: raw" of records that are no rows
    std::string position;
    bool end = false;
};

/// One library with one instance of a source. `path` is absolute.
class Source {
public:
    Source(const std::string& path, const std::string& config, std::map<std::string, std::string> secrets = {})
        : secrets_(std::move(secrets)) {
        void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) throw std::runtime_error(::dlerror());
        void* symbol = ::dlsym(library, YIMEN_PLUGIN_SYMBOL);
        if (symbol == nullptr) throw std::runtime_error("no symbol " YIMEN_PLUGIN_SYMBOL);
        YimenPluginEntry entry = nullptr;
        static_assert(sizeof entry == sizeof symbol);
        __builtin_memcpy(&entry, &symbol, sizeof entry);
        plugin_ = entry();
        if (plugin_ == nullptr || plugin_->abi != YIMEN_PLUGIN_ABI || plugin_->source == nullptr) {
            throw std::runtime_error("no source of this interface version");
        }
        host_ = {sizeof host_, YIMEN_PLUGIN_ABI, this, log, secret, isCancelled};
        check([&](YimenError* error) { return plugin_->create(&host_, toText(config), &instance_, error); });
    }
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    ~Source() {
        if (reader_ != nullptr) plugin_->source->close(reader_);
        plugin_->destroy(instance_);
    }

    /// Name and type of each column.
    std::vector<std::pair<std::string, std::string>> describe() {
        std::vector<std::pair<std::string, std::string>> out;
        const YimenFieldList list{sizeof list, &out, add};
        check([&](YimenError* error) { return plugin_->source->describe(instance_, &list, error); });
        columns_ = out.size();
        return out;
    }
    /// Id and bound of each partition.
    std::vector<std::pair<std::string, std::string>> partitions(std::uint32_t mode = YIMEN_MODE_FULL) {
        std::vector<std::pair<std::string, std::string>> out;
        const YimenPartitionList list{sizeof list, &out, add};
        check([&](YimenError* error) { return plugin_->source->partitions(instance_, mode, &list, error); });
        return out;
    }
    void open(const std::pair<std::string, std::string>& partition, std::uint32_t mode, const std::string& position) {
        if (columns_ == 0) describe();
        if (reader_ != nullptr) plugin_->source->close(std::exchange(reader_, nullptr));
        check([&](YimenError* error) {
            return plugin_->source->open(instance_, toText(partition.first), toText(partition.second), mode,
                                         toText(position), &reader_, error);
        });
    }
    /// One batch of at most `rows` rows.
    Answer read(std::size_t rows = 1000) {
        std::vector<YimenCell> cells(rows * columns_, YimenCell{0, YIMEN_NULL});
        std::vector<std::uint8_t> ops(rows, YIMEN_ROW_UPSERT);
        std::vector<std::uint64_t> origins(rows, 0);
        std::vector<char> arena(4096);
        YimenBatch batch{sizeof batch,
                         static_cast<std::uint32_t>(columns_),
                         rows,
                         0,
                         cells.data(),
                         ops.data(),
                         origins.data(),
                         arena.data(),
                         arena.size(),
                         0,
                         8U << 20U,
                         &arena,
                         grow};
        Answer out;
        YimenReadState state{sizeof state, 0, &out, takePosition, takeRefused};
        check([&](YimenError* error) { return plugin_->source->read(reader_, &batch, &state, error); });
        if (batch.rows > rows || batch.arena_used > arena.size()) throw std::runtime_error("the counts are wrong");
        if (batch.rows > 0 && out.position.empty()) throw std::runtime_error("rows without a position");
        for (std::size_t row = 0; row < batch.rows; ++row) {
            Row& line = out.rows.emplace_back();
            for (std::size_t column = 0; column < columns_; ++column)
                line.push_back(textOf(batch, cells[row * columns_ + column]));
            out.ops.push_back(ops[row]);
        }
        out.end = state.end == 1;
        return out;
    }
    /// Everything of the first partition, in batches of at most `rows` rows; `position` is where it then stands.
    std::vector<Row> all(std::uint32_t mode, std::string& position, std::size_t rows = 1000) {
        open(partitions(mode).at(0), mode, position);
        std::vector<Row> out;
        for (bool end = false; !end;) {
            Answer answer = read(rows);
            out.insert(out.end(), answer.rows.begin(), answer.rows.end());
            if (!answer.position.empty()) position = answer.position;
            end = answer.end;
        }
        return out;
    }
    std::vector<Row> all() {
        std::string position;
        return all(YIMEN_MODE_FULL, position);
    }

    bool cancelled = false;

private:
    template <typename Call>
    static void check(const Call& call) {
        YimenError error{};
        error.size = sizeof error;
        const int code = call(&error);
        if (code != YIMEN_OK) throw PluginError(code, std::string(error.text, error.length));
    }
    static std::optional<std::string> textOf(const YimenBatch& batch, YimenCell cell) {
        if (cell.length == YIMEN_NULL) return std::nullopt;
        const auto length = static_cast<std::size_t>(cell.length);
        if (cell.length < 0 || cell.offset + length > batch.arena_used) throw std::runtime_error("a cell lies outside");
        return std::string(batch.arena + cell.offset, length);
    }
    static std::int32_t grow(YimenBatch* batch, std::uint64_t room) {
        auto* arena = static_cast<std::vector<char>*>(batch->context);
        arena->resize(room * 2);
        batch->arena = arena->data();
        batch->arena_room = arena->size();
        return YIMEN_OK;
    }
    static void add(void* context, YimenText first, YimenText second) {
        static_cast<std::vector<std::pair<std::string, std::string>>*>(context)->emplace_back(toString(first),
                                                                                              toString(second));
    }
    static void takePosition(void* context, YimenText position) {
        static_cast<Answer*>(context)->position = toString(position);
    }
    static std::int32_t takeRefused(void* context, std::uint64_t /*origin*/, YimenText place, YimenText reason,
                                    YimenText raw) {
        static_cast<Answer*>(context)->refused.push_back(toString(place) + ": " + toString(reason) + ": " +
                                                         toString(raw));
        return YIMEN_OK;
    }
    static void log(void* /*context*/, std::int32_t /*level*/, YimenText message) {
        std::fprintf(stderr, "plugin: %s\n", toString(message).c_str());
    }
    static std::int32_t secret(void* context, YimenText name, YimenText* value) {
        const auto& secrets = static_cast<Source*>(context)->secrets_;
        const auto found = secrets.find(toString(name));
        if (found == secrets.end()) return YIMEN_NOT_FOUND;
        *value = toText(found->second);
        return YIMEN_OK;
    }
    static std::int32_t isCancelled(void* context) { return static_cast<Source*>(context)->cancelled ? 1 : 0; }

    std::map<std::string, std::string> secrets_;
    const YimenPlugin* plugin_ = nullptr;
    YimenHost host_{};
    void* instance_ = nullptr;
    void* reader_ = nullptr;
    std::size_t columns_ = 0;
};

}  // namespace yimen::harness
