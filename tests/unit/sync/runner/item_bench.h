#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sync/runner/item_runner.h"
#include "unit/sync/mapping/map_fixture.h"
#include "unit/sync/targets/backends.h"

namespace yimen::sync {

/// A source that is a list of rows; it can be read completely only.
class ListSource final : public Source {
public:
    ListSource(std::vector<SourceField> columns, const std::vector<RowTexts>& rows, std::function<void()> onOpen)
        : columns_(std::move(columns)), rows_(rows), onOpen_(std::move(onOpen)) {}

    core::Result<std::vector<SourceField>> describe() override { return columns_; }
    bool canRead(ReadMode mode) const noexcept override { return mode == ReadMode::kFull; }
    core::Result<std::vector<Partition>> partitions(ReadMode) override { return std::vector<Partition>{{"", ""}}; }
    core::Result<std::unique_ptr<Reader>> open(const Partition&, ReadMode, Position from) override {
        class ListReader final : public Reader {
        public:
            ListReader(Batch rows, std::size_t from) : rows_(std::move(rows)), next_(from) {}
            core::Result<ReadState> read(Batch& into) override {
                constexpr std::size_t kAtOnce = 10;
                const std::size_t end = std::min(rows_.rows(), next_ + kAtOnce);
                for (; next_ < end; ++next_) {
                    const std::size_t row = into.addRow(Op::kUpsert, next_ + 1);
                    for (std::size_t i = 0; i < rows_.columns(); ++i) {
                        if (rows_.isNull(next_, i)) continue;
                        EXPECT_TRUE(into.set(row, i, rows_.text(next_, i)));
                    }
                }
                return ReadState{std::to_string(next_), next_ == rows_.rows(), {}};
            }

        private:
            Batch rows_;
            std::size_t next_;
        };
        if (onOpen_) onOpen_();
        return std::unique_ptr<Reader>(
            std::make_unique<ListReader>(batchOf(columns_.size(), rows_), from.empty() ? 0 : std::stoull(from)));
    }

private:
    std::vector<SourceField> columns_;
    std::vector<RowTexts> rows_;
    std::function<void()> onOpen_;
};

/// An item of a data.yaml that is run from a list of rows into a database, with the mapper of the product.
template <typename Backend>
class ItemBench : public TargetTest<Backend> {
protected:
    void use(const std::string& yaml, const std::vector<std::string>& columns) {
        folder_.write("data.yaml", yaml);
        auto read = readSystemData(folder_.path());
        ASSERT_TRUE(read.ok()) << read.error().message;
        system_.emplace(std::move(read).value());
        columns_.clear();
        for (const std::string& name : columns) columns_.push_back({name, ""});
        this->item = spec().table;
    }
    const ItemSpec& spec() const { return system_->items[0]; }
    const SystemData& system() const { return *system_; }
    RunnerParts parts() {
        return {
            this->shared, budget_,
            [this](const SystemData&, const ItemSpec&) -> core::Result<std::unique_ptr<Source>> {
                if (away) return core::makeError(core::ErrorCode::kUnavailable, "the source is away");
                return std::unique_ptr<Source>(std::make_unique<ListSource>(columns_, rows, std::exchange(onOpen, {})));
            },
            [this](const ItemSpec& one, const std::vector<SourceField>& columns) {
                if (const auto first = std::exchange(onMapper, {})) first();
                return compileMapper(one, columns, this->clock);
            },
            this->failPoint};
    }
    Run runItem(const RunOptions& options = {ReadMode::kFull, {}}) {
        this->clock.advance(std::chrono::seconds(1));
        Progress progress;
        auto done = ItemRunner(parts()).run(system(), spec(), options, progress);
        EXPECT_TRUE(done.ok()) << done.error().describe();
        if (!done.ok()) return {};
        EXPECT_TRUE(done->counters.balanced());
        return *done;
    }
    std::vector<DeadLetter> letters(const std::string& rule = {}) {
        return valueOf(this->shared.deadLetters->open({this->item.code, rule}, 0, 1000));
    }

    std::vector<RowTexts> rows;
    bool away = false;
    std::function<void()> onOpen;    ///< called once, when a reader has its rows
    std::function<void()> onMapper;  ///< called once, when a mapper is made

private:
    DataFolder folder_;
    std::optional<SystemData> system_;
    std::vector<SourceField> columns_;
    MemoryBudget budget_{std::size_t{1} << 30U};
};

}  // namespace yimen::sync
