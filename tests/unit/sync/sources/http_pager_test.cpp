#include "sync/sources/http_pager.h"

#include <gtest/gtest.h>

#include "unit/sync/sources/http_fixture.h"

namespace yimen::sync {
namespace {

TEST(HttpPager, ResumesAPageReadOnePageBack) {
    const auto spec =
        fixture::specOf("", "request: {path: /x}\nformat: json\ncolumns: [a]\npaging: {how: offset, stable: true}\n");
    const std::vector<std::string> columns{"a"};
    const auto pager = makeHttpPager(*spec, {}, columns, nullptr, nullptr);
    const HttpAnswer answer;
    for (int page = 0; page < 3; ++page) {
        Batch rows;
        rows.reset(1);
        for (int i = 0; i < 40; ++i)
            ASSERT_TRUE(rows.set(rows.addRow(Op::kUpsert, 1), 0, std::to_string(page * 40 + i)));
        const auto step = pager->took({rows, 0, answer});
        ASSERT_TRUE(step.ok());
        EXPECT_FALSE(step->end);
    }
    RequestValues next;
    pager->put(next);
    EXPECT_EQ(next["offset"], "120");
    RequestValues resumed;
    makeHttpPager(*spec, {}, columns, pager->state(), nullptr)->put(resumed);
    EXPECT_EQ(resumed["offset"], "80");
}

TEST(HttpPager, RefusesACursorThatDoesNotMove) {
    const auto spec = fixture::specOf(
        "", "request: {path: /x}\nformat: json\ncolumns: [a]\npaging: {how: cursor, next: {header: N}}\n");
    const std::vector<std::string> columns{"a"};
    const auto pager = makeHttpPager(*spec, {}, columns, nullptr, nullptr);
    HttpAnswer answer;
    answer.response.fields = {{"N", "c1"}};
    Batch rows;
    rows.reset(1);
    EXPECT_TRUE(pager->took({rows, 0, answer}).ok());
    EXPECT_EQ(pager->took({rows, 0, answer}).error().code, core::ErrorCode::kUpstream);
    EXPECT_FALSE(pager->recover(core::makeError(core::ErrorCode::kTimeout, "late")));
}

}  // namespace
}  // namespace yimen::sync
