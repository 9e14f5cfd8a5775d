#pragma once

// C++17 and later: a plugin as classes. Header only; on top of yimen_plugin.h and the standard library alone.
//
//   class Rows : public yimen::sdk::Reader { bool read(Batch& into, std::string& position) override; };
//   class Mine : public yimen::sdk::Source { Mine(Host host, const Config& config); describe, open };
//   YIMEN_SOURCE_PLUGIN(Mine, "mine", "1.0.0", true, R"({...schema...})")
//
// Say what went wrong by throwing Failure: it becomes an error with its code at the border. Any other exception becomes
// YIMEN_INTERNAL. No exception leaves a plugin.

#include <yimen_plugin.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config.hpp"

namespace yimen::sdk {

/// An error with words for a person (Chinese first, then English; no secret) and what kind it is.
class Failure : public std::runtime_error {
public:
    Failure(YimenCode failureCode, const std::string& text) : std::runtime_error(text), code_(failureCode) {}
    YimenCode code() const noexcept { return code_; }

private:
    YimenCode code_;
};

inline YimenText toText(std::string_view text) noexcept {
    return {text.data(), text.size()};
}
inline std::string_view toView(YimenText text) noexcept {
    return text.data == nullptr ? std::string_view{} : std::string_view(text.data, text.length);
}

/// What the hub does for a plugin. A handle: copy it. Any thread.
class Host {
public:
    explicit Host(const YimenHost* table) : table_(table) {}

    void log(YimenLogLevel level, std::string_view line) const { table_->log(table_->context, level, toText(line)); }
    void info(std::string_view line) const { log(YIMEN_LOG_INFO, line); }
    void warn(std::string_view line) const { log(YIMEN_LOG_WARN, line); }

    /// By the path in the schema ("source.password"); empty when the item leaves it out. Good as long as the instance.
    std::string_view secret(std::string_view path) const {
        YimenText value{nullptr, 0};
        const int32_t code = table_->secret(table_->context, toText(path), &value);
        if (code != YIMEN_OK && code != YIMEN_NOT_FOUND) {
            throw Failure(YIMEN_DENIED, "the schema declares no secret '" + std::string(path) + "'");
        }
        return toView(value);
    }
    bool cancelled() const noexcept { return table_->cancelled(table_->context) != 0; }
    /// Ask where it may take long.
    void throwIfCancelled() const {
        if (cancelled()) throw Failure(YIMEN_CANCELLED, "已取消 / cancelled");
    }

private:
    const YimenHost* table_;
};

struct Field {
    std::string name;
    std::string type;  ///< the source's own word; may be empty
};
struct Partition {
    std::string id;     ///< "" when there is one only
    std::string bound;  ///< your own words for what belongs to it
};
enum class Mode { kFull, kIncremental };

/// The host's batch, filled in place. Begin a row, then add one cell after the other; what is not added is null.
class Batch {
public:
    explicit Batch(YimenBatch& view, const YimenReadState* state = nullptr) : view_(view), state_(state) {}

    std::size_t columns() const noexcept { return view_.columns; }
    std::size_t rows() const noexcept { return view_.rows; }
    /// Begin no further row then.
    bool full() const noexcept { return view_.rows >= view_.row_room || view_.arena_used >= view_.arena_goal; }

    void beginRow(std::uint64_t origin, unsigned op = YIMEN_ROW_UPSERT) {
        if (view_.rows >= view_.row_room) throw Failure(YIMEN_INTERNAL, "a row in a full batch");
        view_.ops[view_.rows] = static_cast<std::uint8_t>(op);
        view_.origins[view_.rows] = origin;
        cell_ = view_.cells + view_.rows * view_.columns;
        rowEnd_ = cell_ + view_.columns;
        ++view_.rows;
    }
    void add(std::string_view text) {
        char* place = room(text.size());
        if (!text.empty()) std::memcpy(place, text.data(), text.size());
    }
    void addNull() { next().length = YIMEN_NULL; }
    /// The next cell with `length` bytes for you to write at once.
    char* room(std::size_t length) {
        if (view_.arena_used + length > view_.arena_room) grow(length);
        char* place = view_.arena + view_.arena_used;
        next() = {static_cast<std::uint32_t>(view_.arena_used), static_cast<std::int32_t>(length)};
        view_.arena_used += length;
        return place;
    }
    /// Makes the cell that was added last longer by `length` bytes: for a value that comes in pieces.
    char* more(std::size_t length) {
        if (view_.arena_used + length > view_.arena_room) grow(length);
        char* place = view_.arena + view_.arena_used;
        cell_[-1].length += static_cast<std::int32_t>(length);
        view_.arena_used += length;
        return place;
    }
    /// Takes back the last `length` bytes of the cell that was added last.
    void less(std::size_t length) noexcept {
        cell_[-1].length -= static_cast<std::int32_t>(length);
        view_.arena_used -= length;
    }
    /// A record that is no row: the host keeps it as a dead letter. An older host has no place for it: then it fails.
    void refuse(std::uint64_t origin, std::string_view place, const std::string& reason, std::string_view raw) {
        const bool can = state_ != nullptr && state_->size >= sizeof(YimenReadState) && state_->refuse != nullptr;
        if (!can) throw Failure(YIMEN_UPSTREAM, std::string(place) + ": " + reason);
        if (state_->refuse(state_->context, origin, toText(place), toText(reason), toText(raw)) != YIMEN_OK) {
            throw Failure(YIMEN_TOO_LARGE, std::string(place) + ": too many refused records in one batch");
        }
        ++refused_;
    }
    std::size_t refused() const noexcept { return refused_; }
    /// The text of a cell of the last row, until the next one is added.
    std::string_view text(std::size_t column) const noexcept {
        const YimenCell cell = view_.cells[(view_.rows - 1) * view_.columns + column];
        return cell.length <= 0 ? std::string_view{}
                                : std::string_view(view_.arena + cell.offset, static_cast<std::size_t>(cell.length));
    }

private:
    YimenCell& next() {
        if (cell_ == rowEnd_) throw Failure(YIMEN_INTERNAL, "more cells than columns");
        return *cell_++;
    }
    void grow(std::size_t length) {
        if (view_.grow(&view_, view_.arena_used + length) != YIMEN_OK) {
            throw Failure(YIMEN_TOO_LARGE, "记录过大 / a record is larger than a batch can hold");
        }
    }

    YimenBatch& view_;
    const YimenReadState* state_;
    std::size_t refused_ = 0;
    YimenCell* cell_ = nullptr;
    YimenCell* rowEnd_ = nullptr;
};

/// A read in progress: one thread. Destroyed when it is closed.
class Reader {
public:
    virtual ~Reader() = default;
    /// Adds rows until full() or nothing is left. True: at the end. `position` is empty; set it when rows were added.
    virtual bool read(Batch& into, std::string& position) = 0;
    virtual void confirm(std::string_view /*position*/) {}
};

/// Where rows come from. Its constructor takes (Host, const Config&) and does not connect.
class Source {
public:
    virtual ~Source() = default;
    virtual std::vector<Field> describe() = 0;
    virtual std::vector<Partition> partitions(Mode /*mode*/) { return {{"", ""}}; }
    virtual std::unique_ptr<Reader> open(const Partition& partition, Mode mode, std::string_view position) = 0;
};

/// Rows to write, for reading only.
class Rows {
public:
    explicit Rows(const YimenRows& view) : view_(view) {}
    std::size_t rows() const noexcept { return view_.rows; }
    std::size_t columns() const noexcept { return view_.columns; }
    bool isNull(std::size_t row, std::size_t column) const noexcept { return cell(row, column).length < 0; }
    bool isDelete(std::size_t row) const noexcept { return view_.ops[row] == YIMEN_ROW_DELETE; }
    /// Where a person finds the row; the same each time a change is given.
    std::uint64_t origin(std::size_t row) const noexcept { return view_.origins[row]; }
    std::string_view text(std::size_t row, std::size_t column) const noexcept {
        const YimenCell one = cell(row, column);
        return one.length <= 0 ? std::string_view{}
                               : std::string_view(view_.arena + one.offset, static_cast<std::size_t>(one.length));
    }

private:
    YimenCell cell(std::size_t row, std::size_t column) const noexcept {
        return view_.cells[row * view_.columns + column];
    }
    const YimenRows& view_;
};

/// A writing in progress: one thread. What was not committed when it is destroyed is gone.
class Writer {
public:
    virtual ~Writer() = default;
    virtual void write(const Rows& rows) = 0;
    virtual void commit(std::string_view position) = 0;
};

/// Where rows go.
class Sink {
public:
    virtual ~Sink() = default;
    /// `item` is JSON (yimen_plugin.h). Set `position` to what was committed last, if you keep one.
    virtual std::unique_ptr<Writer> begin(std::string_view item, std::string& position) = 0;
};

namespace border {

inline int32_t note(YimenError* error, YimenCode code, std::string_view text) noexcept {
    const std::size_t length = std::min<std::size_t>(text.size(), YIMEN_ERROR_TEXT);
    std::memcpy(error->text, text.data(), length);
    error->length = static_cast<std::uint32_t>(length);
    return code;
}

/// Runs `body`; an exception becomes a code and words.
template <typename Body>
int32_t run(YimenError* error, const Body& body) noexcept {
    try {
        body();
        return YIMEN_OK;
    } catch (const Failure& failure) {
        return note(error, failure.code(), failure.what());
    } catch (const std::exception& failure) {
        return note(error, YIMEN_INTERNAL, failure.what());
    } catch (...) {
        return note(error, YIMEN_INTERNAL, "an exception of an unknown type");
    }
}

template <typename T>
int32_t create(const YimenHost* host, YimenText config, void** instance, YimenError* error) noexcept {
    return run(error, [&] { *instance = std::make_unique<T>(Host(host), Config(toView(config))).release(); });
}
template <typename T>
void destroy(void* object) noexcept {
    const std::unique_ptr<T> owner(static_cast<T*>(object));
}

template <typename T>
struct SourceTable {
    static int32_t describe(void* self, const YimenFieldList* list, YimenError* error) noexcept {
        return run(error, [&] {
            for (const Field& f : static_cast<T*>(self)->describe())
                list->add(list->context, toText(f.name), toText(f.type));
        });
    }
    static int32_t partitions(void* self, std::uint32_t mode, const YimenPartitionList* list,
                              YimenError* error) noexcept {
        return run(error, [&] {
            for (const Partition& p : static_cast<T*>(self)->partitions(modeOf(mode))) {
                list->add(list->context, toText(p.id), toText(p.bound));
            }
        });
    }
    static int32_t open(void* self, YimenText id, YimenText bound, std::uint32_t mode, YimenText position,
                        void** reader, YimenError* error) noexcept {
        return run(error, [&] {
            const Partition partition{std::string(toView(id)), std::string(toView(bound))};
            *reader = static_cast<T*>(self)->open(partition, modeOf(mode), toView(position)).release();
        });
    }
    static int32_t read(void* reader, YimenBatch* view, YimenReadState* state, YimenError* error) noexcept {
        return run(error, [&] {
            Batch batch(*view, state);
            std::string position;
            state->end = static_cast<Reader*>(reader)->read(batch, position) ? 1 : 0;
            if (!position.empty()) state->position(state->context, toText(position));
        });
    }
    static int32_t confirm(void* reader, YimenText position, YimenError* error) noexcept {
        return run(error, [&] { static_cast<Reader*>(reader)->confirm(toView(position)); });
    }
    static Mode modeOf(std::uint32_t mode) noexcept {
        return mode == YIMEN_MODE_FULL ? Mode::kFull : Mode::kIncremental;
    }

    static constexpr YimenSource kTable{sizeof(YimenSource), 0, describe, partitions, open, read, confirm,
                                        destroy<Reader>};
};

template <typename T>
struct SinkTable {
    static int32_t begin(void* self, YimenText item, YimenReadState* state, void** writer, YimenError* error) noexcept {
        return run(error, [&] {
            std::string position;
            *writer = static_cast<T*>(self)->begin(toView(item), position).release();
            if (!position.empty()) state->position(state->context, toText(position));
        });
    }
    static int32_t write(void* writer, const YimenRows* rows, YimenError* error) noexcept {
        return run(error, [&] { static_cast<Writer*>(writer)->write(Rows(*rows)); });
    }
    static int32_t commit(void* writer, YimenText position, YimenError* error) noexcept {
        return run(error, [&] { static_cast<Writer*>(writer)->commit(toView(position)); });
    }

    static constexpr YimenSink kTable{sizeof(YimenSink), 0, begin, write, commit, destroy<Writer>};
};

constexpr YimenText text(std::string_view view) noexcept {
    return {view.data(), view.size()};
}

}  // namespace border
}  // namespace yimen::sdk

/// The one exported symbol, for a class derived from Source or Sink. `threadSafe`: instances may be called from several
/// threads at once.
#define YIMEN_SOURCE_PLUGIN(Class, name, version, threadSafe, schema)             \
    extern "C" YIMEN_PLUGIN_EXPORT const YimenPlugin* yimen_plugin_v1() {         \
        namespace border = ::yimen::sdk::border;                                  \
        static constexpr YimenPlugin kPlugin{sizeof(YimenPlugin),                 \
                                             YIMEN_PLUGIN_ABI,                    \
                                             border::text(name),                  \
                                             border::text("source"),              \
                                             border::text(version),               \
                                             (threadSafe) ? 1U : 0U,              \
                                             0,                                   \
                                             border::text(schema),                \
                                             border::create<Class>,               \
                                             nullptr,                             \
                                             nullptr,                             \
                                             border::destroy<Class>,              \
                                             &border::SourceTable<Class>::kTable, \
                                             nullptr};                            \
        return &kPlugin;                                                          \
    }
#define YIMEN_SINK_PLUGIN(Class, name, version, threadSafe, schema)              \
    extern "C" YIMEN_PLUGIN_EXPORT const YimenPlugin* yimen_plugin_v1() {        \
        namespace border = ::yimen::sdk::border;                                 \
        static constexpr YimenPlugin kPlugin{sizeof(YimenPlugin),                \
                                             YIMEN_PLUGIN_ABI,                   \
                                             border::text(name),                 \
                                             border::text("sink"),               \
                                             border::text(version),              \
                                             (threadSafe) ? 1U : 0U,             \
                                             0,                                  \
                                             border::text(schema),               \
                                             border::create<Class>,              \
                                             nullptr,                            \
                                             nullptr,                            \
                                             border::destroy<Class>,             \
                                             nullptr,                            \
                                             &border::SinkTable<Class>::kTable}; \
        return &kPlugin;                                                         \
    }
