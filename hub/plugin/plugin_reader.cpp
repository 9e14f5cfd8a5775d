#include "plugin/plugin_reader.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "plugin/taken_position.h"
#include "plugin/text_check.h"

namespace yimen::plugin {

namespace {

using sync::Batch;

// Cells and kinds of rows are the same bytes on both sides: that is what makes lending possible.
// NOLINTNEXTLINE(misc-redundant-expression): the same by this very rule
static_assert(sizeof(YimenCell) == sizeof(Batch::Cell) && alignof(YimenCell) == alignof(Batch::Cell));
static_assert(offsetof(YimenCell, offset) == offsetof(Batch::Cell, offset));
static_assert(offsetof(YimenCell, length) == offsetof(Batch::Cell, length));
static_assert(static_cast<unsigned>(sync::Op::kUpsert) == YIMEN_ROW_UPSERT && sizeof(sync::Op) == 1);
static_assert(static_cast<unsigned>(sync::Op::kDelete) == YIMEN_ROW_DELETE);

constexpr std::size_t kFirstRows = 1024;
constexpr std::size_t kFirstArena = std::size_t{64} * 1024;
constexpr std::size_t kFewestRows = 64;

template <typename To, typename From>
To* sameBytes(From* from) noexcept {
    return static_cast<To*>(static_cast<void*>(from));
}

}  // namespace

/// The batch as the plugin sees it, and as it was lent.
struct PluginReader::Lent {
    Batch& batch;
    YimenBatch view{};
    Batch::Loan loan;
    const char* arena = nullptr;
    std::size_t arenaRoom = 0;

    Lent(Batch& into, std::size_t rows, std::size_t bytes) : batch(into) {
        loan = into.lend(rows, bytes);
        view.size = sizeof view;
        view.columns = static_cast<std::uint32_t>(into.columns());
        view.row_room = rows;
        view.cells = sameBytes<YimenCell>(loan.cells.data());
        view.ops = sameBytes<std::uint8_t>(loan.ops.data());
        view.origins = loan.origins.data();
        view.arena_goal = Batch::kMaxBytes;
        view.context = this;
        view.grow = grow;
        setArena(loan.arena);
    }

    void setArena(std::span<char> room) noexcept {
        view.arena = room.data();
        view.arena_room = room.size();
        arena = room.data();
        arenaRoom = room.size();
    }

    /// What the plugin was given stands where it was: what it wrote elsewhere would be lost in silence.
    bool isInPlace() const noexcept {
        return view.arena == arena && view.arena_room == arenaRoom &&
               view.cells == sameBytes<YimenCell>(loan.cells.data()) &&
               view.ops == sameBytes<std::uint8_t>(loan.ops.data()) && view.origins == loan.origins.data();
    }

    static std::int32_t grow(YimenBatch* view, std::uint64_t room) {
        auto* self = static_cast<Lent*>(view->context);
        if (view->arena_used > self->arenaRoom || view->arena != self->arena) return YIMEN_INVALID;
        const std::uint64_t limit = std::max<std::uint64_t>(Batch::kMaxBytes, view->arena_used) + Batch::kMaxCell;
        if (room > limit) return YIMEN_TOO_LARGE;
        try {
            const std::uint64_t twice = std::min<std::uint64_t>(self->arenaRoom * 2, Batch::kMaxBytes);
            const auto more = self->batch.lendMore(view->arena_used, std::max(room, twice));
            if (more.empty()) return YIMEN_TOO_LARGE;
            self->setArena(more);
            return YIMEN_OK;
        } catch (const std::exception&) {
            return YIMEN_TOO_LARGE;
        }
    }
};

PluginReader::PluginReader(std::shared_ptr<Instance> instance, void* reader, std::vector<std::string> columns,
                           sync::Position from)
    : instance_(std::move(instance)),
      reader_(reader),
      columns_(std::move(columns)),
      position_(std::move(from)),
      rowRoom_(kFirstRows),
      arenaRoom_(kFirstArena) {}

PluginReader::~PluginReader() {
    // Also after a failure: close is how the plugin gives back what it holds.
    (void)instance_->call("close", [this](YimenError*) {
        instance_->plugin().source->close(reader_);
        return YIMEN_OK;
    });
}

core::Error PluginReader::broke(std::string_view what) {
    failed_ = pluginBroke(instance_->name(), "read", what);
    return *failed_;
}

core::Status PluginReader::fill(Batch& into, Lent& lent, YimenReadState& state) {
    bool returned = false;
    auto called = instance_->call("read", [&](YimenError* error) {
        const std::int32_t code = instance_->plugin().source->read(reader_, &lent.view, &state, error);
        returned = true;
        return code;
    });
    if (called.ok()) return settle(into, lent, state);
    into.reset(columns_.size());
    if (!returned) failed_ = called.error();
    return called;
}

core::Status PluginReader::settle(Batch& into, const Lent& lent, const YimenReadState& state) {
    const YimenBatch& view = lent.view;
    const char* fault = nullptr;
    if (!lent.isInPlace()) {
        fault = "it put memory of its own in the place of the host's";
    } else if (view.rows > rowRoom_) {
        fault = "it counts more rows than there was room for";
    } else if (view.arena_used > lent.arenaRoom) {
        fault = "it counts more bytes than the arena has";
    } else if (state.end > 1) {
        fault = "end must be 0 or 1";
    }
    if (fault == nullptr && into.settle(view.rows, view.arena_used)) {
        return {};
    }
    into.reset(columns_.size());
    return broke(fault != nullptr ? fault : "a cell lies outside the arena, or a row is of no known kind");
}

core::Result<sync::ReadState> PluginReader::read(Batch& into) {
    if (failed_) return *failed_;
    if (into.columns() != columns_.size()) {
        return core::makeError(core::ErrorCode::kInternal, "the batch has another number of columns than the plugin");
    }
    TakenPosition position;
    YimenReadState state = position.readState();
    Lent lent(into, rowRoom_, arenaRoom_);
    YIMEN_TRY_STATUS(fill(into, lent, state));
    if (position.tooLong || (!position.given && !(into.empty() && position.refused.empty()))) {
        into.reset(columns_.size());
        return broke(position.tooLong ? "the position is too long" : "rows without a position");
    }
    rowRoom_ = std::clamp(into.rows() * 2, kFewestRows, Batch::kMaxRows);
    arenaRoom_ = std::clamp(into.textBytes() + into.textBytes() / 4, kFirstArena, Batch::kMaxBytes);
    if (position.given) position_ = std::move(position.text);
    sync::ReadState out;
    out.rejected = takeOutBadText(into, columns_);
    std::move(position.refused.begin(), position.refused.end(), std::back_inserter(out.rejected));
    out.position = position_;
    out.end = state.end == 1;
    return out;
}

core::Status PluginReader::confirm(const sync::Position& position) {
    if (failed_ || instance_->plugin().source->confirm == nullptr) return {};
    return instance_->call("confirm", [&](YimenError* error) {
        return instance_->plugin().source->confirm(reader_, toPlugin(position), error);
    });
}

}  // namespace yimen::plugin
