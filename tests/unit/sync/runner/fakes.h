#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sync/mapping/mapper.h"
#include "sync/source.h"
#include "sync/target.h"

namespace yimen::sync {

/// Numbers 1..count, one column, `perBatch` at a time. Its position is the last number given.
class CountingReader final : public Reader {
public:
    CountingReader(std::uint64_t count, std::uint64_t perBatch, const Position& from = {})
        : count_(count), perBatch_(perBatch), next_(from.empty() ? 1 : std::stoull(from) + 1) {}

    core::Result<ReadState> read(Batch& into) override {
        ++reads;
        if (failAtRead && reads == *failAtRead) return core::makeError(core::ErrorCode::kUnavailable, "source gone");
        for (std::uint64_t i = 0; i < perBatch_ && next_ <= count_; ++i, ++next_) {
            EXPECT_TRUE(into.set(into.addRow(Op::kUpsert, next_), 0, std::to_string(next_)));
        }
        ReadState state;
        state.position = std::to_string(next_ - 1);
        state.end = next_ > count_;
        if (reads == 1) state.rejected = std::exchange(broken, {});
        return state;
    }
    core::Status confirm(const Position& position) override {
        confirmed.push_back(position);
        return {};
    }

    std::uint64_t reads = 0;
    std::optional<std::uint64_t> failAtRead;
    std::vector<Position> confirmed;
    std::vector<Reject> broken;  ///< given with the first batch

private:
    std::uint64_t count_;
    std::uint64_t perBatch_;
    std::uint64_t next_;
};

/// Passes on what it gets; rejects the numbers it is told to.
class PassingMapper final : public Mapper {
public:
    core::Status map(const Batch& in, Mapped& out) override {
        if (failure) return *failure;
        for (std::size_t row = 0; row < in.rows(); ++row) {
            if (std::find(bad.begin(), bad.end(), in.text(row, 0)) != bad.end()) {
                out.rejected.push_back({in.origin(row), "bad", "n", "bad number", {}});
                continue;
            }
            const std::size_t to = out.rows.addRow(in.op(row), in.origin(row));
            EXPECT_TRUE(out.rows.set(to, 0, in.text(row, 0)));
            out.sources.push_back(static_cast<std::uint32_t>(row));
        }
        if (!out.rejected.empty()) out.rules.push_back({"bad", "n", "reject", out.rejected.size(), {1}});
        return {};
    }

    std::vector<std::string> bad;
    std::optional<core::Error> failure;
};

/// Remembers what was committed.
class RememberingWriter final : public ItemWriter {
public:
    core::Result<Counters> commit(const Claim& claim, const Commit& batch) override {
        if (onCommit) onCommit();
        for (std::size_t row = 0; row < batch.rows->rows(); ++row) raws.push_back(batch.raw(row));
        if (claim.fence != fence) return core::makeError(core::ErrorCode::kConflict, "fence");
        for (std::size_t row = 0; row < batch.rows->rows(); ++row) {
            keys.emplace_back(batch.rows->text(row, 0));
        }
        from.push_back(batch.from);
        positions.push_back(batch.after);
        ends = ends || batch.end;
        Counters added;
        added.read = batch.read;
        added.rejected = batch.rejected.size();
        added.inserted = batch.rows->rows();
        added.deduped = batch.read - added.rejected - added.inserted;
        return added;
    }
    core::Result<Removal> removeUnseen(const Claim&, const RemovalGuard&) override { return Removal{}; }

    Fence fence = 1;
    std::function<void()> onCommit;
    std::vector<std::string> keys;
    std::vector<std::string> raws;
    std::vector<Position> from;
    std::vector<Position> positions;
    bool ends = false;
};

}  // namespace yimen::sync
