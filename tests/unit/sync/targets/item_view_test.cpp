#include "sync/item_view.h"

#include <map>
#include <random>
#include <thread>

#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class ItemViewTest : public TargetTest<Backend> {
protected:
    std::string shown(const Batch& rows) {
        std::string out;
        for (std::size_t row = 0; row < rows.rows(); ++row) {
            out += rows.op(row) == Op::kDelete ? "-" : "";
            for (std::size_t i = 0; i < rows.columns(); ++i) {
                out += (i > 0 ? "|" : "") + (rows.isNull(row, i) ? "~" : std::string(rows.text(row, i)));
            }
            out += '\n';
        }
        return out;
    }
    std::string page(const RowQuery& query) {
        const auto found = this->shared.view->page(this->item, query);
        return found.ok() ? shown(found->rows) : found.error().message;
    }
    core::ErrorCode refusal(const RowQuery& query) {
        const auto found = this->shared.view->page(this->item, query);
        return found.ok() ? core::ErrorCode::kInternal : found.error().code;
    }
    static Within in(std::size_t field, std::vector<std::string> values, std::vector<std::string> prefixes = {}) {
        return {field, std::move(values), std::move(prefixes)};
    }
};
TYPED_TEST_SUITE(ItemViewTest, Backends);

TYPED_TEST(ItemViewTest, GivesOnlyRowsUnderTheConditions) {
    this->prepare(this->people());
    this->begin();
    this->commit({{{"a", "210211", "5"}},
                  {{"b", "210211010", "7"}},
                  {{"c", "21021", "9"}},
                  {{"d", nullptr, "7"}},
                  {{"e", "甘井子'\"%", "70"}}});
    EXPECT_EQ(this->page({{this->in(1, {"210211", "甘井子'\"%"})}, {}, {}, 10, {}}), "a|210211|5\ne|甘井子'\"%|70\n");
    EXPECT_EQ(this->page({{this->in(1, {}, {"210211"})}, {}, {}, 10, {}}), "a|210211|5\nb|210211010|7\n");
    EXPECT_EQ(this->page({{this->in(1, {}, {"甘井"})}, {}, {}, 10, {}}), "e|甘井子'\"%|70\n");
    EXPECT_EQ(this->page({{this->in(1, {})}, {}, {}, 10, {}}), "") << "nothing is allowed";
    EXPECT_EQ(this->page({{}, {{2, Compare::How::kAtLeast, "8"}}, {}, 10, {}}), "c|21021|9\ne|甘井子'\"%|70\n")
        << "as numbers, not as text";
    EXPECT_EQ(this->page({{this->in(1, {}, {"210211"})}, {{2, Compare::How::kEqual, "7"}}, {}, 10, {}}),
              "b|210211010|7\n");
    EXPECT_EQ(this->page({{this->in(1, {}, {"2102"})}, {}, {"a"}, 1, {}}), "b|210211010|7\n");
    EXPECT_EQ(this->refusal({{this->in(2, {"5"})}, {}, {}, 10, {}}), core::ErrorCode::kInvalidInput);
    EXPECT_EQ(this->refusal({{this->in(9, {"5"})}, {}, {}, 10, {}}), core::ErrorCode::kInvalidInput);
    EXPECT_EQ(this->refusal({{}, {{2, Compare::How::kEqual, "7 OR 1=1"}}, {}, 10, {}}), core::ErrorCode::kInvalidInput);
    EXPECT_EQ(this->refusal({{}, {}, {"a", "b"}, 10, {}}), core::ErrorCode::kInvalidInput);
}

TYPED_TEST(ItemViewTest, GivesTheNetChangeOfAWindow) {
    this->prepare(this->people());
    this->begin(ReadMode::kIncremental);
    this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}, {{"c", "1", nullptr}}});
    const std::int64_t from = this->now();
    this->clock.advance(std::chrono::seconds(1));
    this->commit({{{"a", "2", nullptr}}, {{"b", nullptr, nullptr}, Op::kDelete}, {{"d", "1", nullptr}}});
    this->clock.advance(std::chrono::seconds(1));
    this->commit({{{"a", "3", nullptr}}, {{"d", nullptr, nullptr}, Op::kDelete}});
    const std::int64_t to = this->now();
    this->clock.advance(std::chrono::seconds(1));
    this->commit({{{"a", "4", nullptr}}, {{"e", "1", nullptr}}});
    const auto all = this->shared.view->changes(this->item, {{}, from, to, {}, 10});
    ASSERT_TRUE(all.ok()) << all.error().describe();
    EXPECT_EQ(this->shown(all->before), "a|1|~\nb|1|~\n-d|~|~\n");
    EXPECT_EQ(this->shown(all->after), "a|3|~\n-b|~|~\n-d|~|~\n")
        << "c did not change; e and a=4 are behind the window";
    const auto second = this->shared.view->changes(this->item, {{}, from, to, {"a"}, 1});
    EXPECT_EQ(this->shown(second->after), "-b|~|~\n");
    EXPECT_FALSE(second->end);
    const auto limited = this->shared.view->changes(this->item, {{this->in(1, {"3"})}, from, to, {}, 10});
    EXPECT_EQ(this->shown(limited->before), "-a|~|~\n-b|~|~\n-d|~|~\n") << "it came into view";
    EXPECT_EQ(this->shown(limited->after), "a|3|~\n-b|~|~\n-d|~|~\n");
}

/// Whoever applies the changes of any windows, in pages of any size, has what reading as of their end gives.
TYPED_TEST(ItemViewTest, ChangesAddUpToTheRowsAsOfTheirEnd) {
    this->prepare(this->people());
    this->begin(ReadMode::kIncremental);
    std::mt19937 dice(7);
    std::map<std::string, std::string> copy;
    std::int64_t from = 0;
    for (int round = 0; round < 12; ++round) {
        for (std::uint32_t commits = dice() % 4; commits > 0; --commits) {
            if (dice() % 3 != 0) this->clock.advance(std::chrono::milliseconds(dice() % 5));
            std::vector<std::string> kept;
            std::vector<Row> rows;
            kept.reserve(40);
            for (int i = 0; i < 20; ++i) {
                const std::string& key = kept.emplace_back("k" + std::to_string(dice() % 30));
                const std::string& value = kept.emplace_back("2102" + std::to_string(dice() % 3));
                rows.push_back({{key.c_str(), value.c_str(), nullptr}, dice() % 4 == 0 ? Op::kDelete : Op::kUpsert});
            }
            this->commit(rows);
        }
        const std::int64_t to = this->now();
        const std::vector<Within> within{this->in(1, {"21020"}, {"21021"})};
        std::vector<std::string> after;
        for (bool end = false; !end;) {
            const auto page = this->shared.view->changes(this->item, {within, from, to, after, 1 + dice() % 9});
            ASSERT_TRUE(page.ok()) << page.error().describe();
            for (std::size_t row = 0; row < page->after.rows(); ++row) {
                const std::string key(page->after.text(row, 0));
                if (page->after.op(row) == Op::kDelete) {
                    EXPECT_EQ(copy.erase(key), page->before.op(row) == Op::kUpsert ? 1U : 0U) << key;
                } else {
                    copy[key] = std::string(page->after.text(row, 1));
                }
            }
            end = page->end;
            after = page->last;
        }
        std::string expected;
        for (const auto& [key, value] : copy) expected += key + "|" + value + "|~\n";
        EXPECT_EQ(expected, this->page({within, {}, {}, 100, to})) << "round " << round;
        from = to;
        this->clock.advance(std::chrono::milliseconds(1));  // what comes later has a later stamp: `to` was settled
    }
}

TYPED_TEST(ItemViewTest, ACommitUnderWayHoldsWhatIsSettledBack) {
    this->prepare(this->people());
    EXPECT_LE(valueOf(this->shared.view->settled()), this->now() - 2000);
    if constexpr (TypeParam::kPostgres) {
        std::thread holder(
            [this] { this->backend.sql("BEGIN; CREATE TABLE held (a int); SELECT pg_sleep(2); COMMIT"); });
        std::int64_t lowest = this->now();
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (lowest > this->now() - 2500 && std::chrono::steady_clock::now() < end) {
            lowest = valueOf(this->shared.view->settled());
        }
        holder.join();
        EXPECT_LE(lowest, this->now() - 2500) << "half a second of a transaction that writes";
    }
}

}  // namespace
}  // namespace yimen::sync
