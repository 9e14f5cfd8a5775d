#include "sync/sources/http_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "unit/sync/sources/http_fixture.h"

namespace yimen::sync {
namespace {

using fixture::answer;
using fixture::numberOf;
using fixture::Outside;
using fixture::query;
using fixture::ReadAll;
using fixture::readSource;
using fixture::specOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::unique_ptr<Source> make(Outside& outside, const std::string& read, const std::string& source = "") {
    auto spec = specOf(source, read);
    EXPECT_TRUE(spec.ok()) << (spec.ok() ? "" : spec.error().message);
    return makeHttpSource(std::move(spec).value(), outside.parts());
}

/// {"total":N,"list":[{"id":from},...]}
std::string list(const std::vector<int>& ids, int total) {
    std::string body = "{\"total\":" + std::to_string(total) + ",\"list\":[";
    for (std::size_t i = 0; i < ids.size(); ++i)
        body += (i > 0 ? "," : "") + std::string("{\"id\":") + std::to_string(ids[i]) + "}";
    return body + "]}";
}

std::vector<int> slice(const std::vector<int>& all, int from, int count) {
    std::vector<int> out;
    for (int i = std::max(0, from); i < from + count && i < static_cast<int>(all.size()); ++i)
        out.push_back(all[static_cast<std::size_t>(i)]);
    return out;
}

std::vector<int> numbers(int count) {
    std::vector<int> all;
    for (int i = 1; i <= count; ++i) all.push_back(i);
    return all;
}

std::set<std::string> distinct(const ReadAll& out) {
    return {out.rows.begin(), out.rows.end()};
}

constexpr const char* kPaged = R"(
request: {path: /list, query: {page: "{page}", size: "{size}"}}
format: json
records: /list
columns: [id]
paging: {how: page, first: 1, size: 500, total: /total}
)";

TEST(HttpSource, ReadsAllPagesWhenTheSystemCapsTheirSizeInSilence) {
    const auto all = numbers(1000);
    Outside outside([&](const auto& request) {
        return answer(list(slice(all, (numberOf(request, "page") - 1) * 200, 200), 1000));
    });
    const auto source = make(outside, kPaged);
    const ReadAll out = readSource(*source);
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.rows.size(), 1000U);
    EXPECT_EQ(distinct(out).size(), 1000U);
    EXPECT_EQ(numberOf(outside.system->requests.front(), "size"), 500);
    EXPECT_EQ(outside.system->requests.front().url.text(), "https://sys.example/app/list?page=1&size=500");
}

TEST(HttpSource, StopsWhenTheLastPageIsGivenAgain) {
    const auto all = numbers(250);
    Outside outside([&](const auto& request) {
        return answer(list(slice(all, std::min(2, numberOf(request, "page") - 1) * 100, 100), 0));
    });
    const auto source = make(outside, R"(
request: {path: /list, query: {page: "{page}"}}
format: json
records: /list
columns: [id]
paging: {how: page, stable: true}
)");
    const ReadAll out = readSource(*source);
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.rows.size(), 250U);
    EXPECT_EQ(outside.system->requests.size(), 4U);
}

TEST(HttpSource, MissesNoRecordThatMovesToAnotherPageMeanwhile) {
    auto all = numbers(500);
    int calls = 0;
    Outside outside([&](const auto& request) {
        const auto body = list(slice(all, (numberOf(request, "page") - 1) * 100, 100), 500);
        // An update: the record goes to the end, all behind it move one place forward.
        if (++calls == 2) {
            all.erase(all.begin() + 10);
            all.push_back(11);
        }
        return answer(body);
    });
    const auto source = make(outside, kPaged);
    const ReadAll out = readSource(*source);
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(distinct(out).size(), 500U);
}

TEST(HttpSource, RefusesAPageThatIsEmptyBeforeTheTotalIsReached) {
    const auto all = numbers(300);
    Outside outside([&](const auto& request) {
        return answer(list(
            numberOf(request, "page") > 2 ? std::vector<int>() : slice(all, (numberOf(request, "page") - 1) * 100, 100),
            300));
    });
    const auto source = make(outside, kPaged);
    const ReadAll out = readSource(*source);
    EXPECT_THAT(out.error, HasSubstr("says it has 300 records but gave 200"));
    EXPECT_EQ(out.rows.size(), 200U);
}

TEST(HttpSource, GoesOnAtThePageWhereItWasInterrupted) {
    const auto all = numbers(6000);
    bool broken = false;
    Outside outside([&](const auto& request) {
        const int page = numberOf(request, "page");
        if (broken && page == 9) return answer("", 0);
        return answer(list(slice(all, (page - 1) * 500, 500), 6000));
    });
    const auto source = make(outside, kPaged);
    broken = true;
    const ReadAll first = readSource(*source);
    EXPECT_EQ(first.code, core::ErrorCode::kTimeout);
    EXPECT_EQ(first.rows.size(), 4000U);
    broken = false;
    outside.system->requests.clear();
    const ReadAll second = readSource(*source, ReadMode::kFull, first.position);
    EXPECT_EQ(second.error, "");
    EXPECT_GE(numberOf(outside.system->requests.front(), "page"), 7);
    auto both = distinct(first);
    both.merge(distinct(second));
    EXPECT_EQ(both.size(), 6000U);
}

TEST(HttpSource, FollowsCursorsAndBeginsAgainWhenOneExpires) {
    const auto all = numbers(1000);
    bool expired = false;
    Outside outside([&](const auto& request) {
        const auto asked = query(request);
        const int from = asked.count("cursor") > 0 ? std::stoi(asked.at("cursor").substr(1)) : 0;
        if (from == 600 && !std::exchange(expired, true)) return answer("{\"code\":\"CURSOR_EXPIRED\"}", 410);
        std::string body = list(slice(all, from, 200), 0);
        body.pop_back();
        return answer(body + ",\"next\":" + (from < 800 ? "\"c" + std::to_string(from + 200) + "\"" : "null") + "}");
    });
    const auto source = make(outside, R"(
request: {path: /items, query: {cursor: "{cursor}", limit: "{size}", modifiedSince: "{from}"}}
format: json
records: /list
columns: [id]
paging: {how: cursor, size: 200, next: /next, expired: {status: [410]}}
watermark: {format: iso, overlap: 1m}
)");
    const ReadAll out = readSource(*source);
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(distinct(out).size(), 1000U);
    EXPECT_TRUE(expired);
    EXPECT_EQ(query(outside.system->requests.front()).count("modifiedSince"), 0U);
}

TEST(HttpSource, AsksSinceTheLastBoundWithOverlapNextTime) {
    Outside outside([](const auto&) { return answer(list({1}, 1)); });
    const auto source = make(outside, R"(
request: {path: /list, query: {page: "{page}", since: "{from}", until: "{to}"}}
format: json
records: /list
columns: [id]
paging: {how: page, total: /total}
watermark: {format: "yyyy-MM-dd HH:mm:ss", overlap: 2m}
)");
    const ReadAll first = readSource(*source, ReadMode::kIncremental);
    EXPECT_EQ(query(outside.system->requests.back()).count("since"), 0U);
    EXPECT_EQ(query(outside.system->requests.back()).at("until"), "2026-11-21 08:00:00");
    outside.clock.advance(std::chrono::hours(1));
    readSource(*source, ReadMode::kIncremental, first.position);
    EXPECT_EQ(query(outside.system->requests.back()).at("since"), "2026-11-21 07:58:00");
    EXPECT_EQ(query(outside.system->requests.back()).at("until"), "2026-11-21 09:00:00");
}

constexpr const char* kFeed = R"(
request: {path: /changes, query: {after: "{after}"}}
format: json
columns: [seq, op]
paging: {how: sequence, field: seq}
)";

std::string changes(const std::vector<int>& numbers) {
    std::string body = "[";
    for (const int number : numbers)
        body += (body.size() > 1 ? "," : "") + std::string("{\"seq\":") + std::to_string(number) + ",\"op\":\"U\"}";
    return body + "]";
}

TEST(HttpSource, AsksOnceMoreForAGapInASequenceAndThenSaysSo) {
    bool healed = false;
    Outside outside([&](const auto& request) {
        const int after = numberOf(request, "after");
        if (after < 1001) return answer(changes({1001, 1003}));
        if (after == 1001) return answer(healed ? changes({1002, 1003}) : changes({1003}));
        return answer("[]");
    });
    const auto source = make(outside, kFeed);
    const ReadAll lost = readSource(*source, ReadMode::kIncremental);
    EXPECT_THAT(lost.error, HasSubstr("1001 is followed by 1003"));
    EXPECT_EQ(lost.detail, kGapDetail);
    EXPECT_THAT(lost.rows, ElementsAre("1001|U"));
    healed = true;
    const ReadAll replayed = readSource(*source, ReadMode::kIncremental);
    EXPECT_EQ(replayed.error, "");
    EXPECT_THAT(replayed.rows, ElementsAre("1001|U", "1002|U", "1003|U"));
    outside.system->requests.clear();
    readSource(*source, ReadMode::kIncremental, replayed.position);
    EXPECT_EQ(numberOf(outside.system->requests.front(), "after"), 1003);
}

TEST(HttpSource, SplitsAWindowUntilNothingIsCut) {
    // One record a minute for two days and 1200 within one hour; the system gives 500 at most and does not say so.
    std::vector<std::int64_t> times;
    const std::int64_t now = core::toUnixSeconds(fixture::testNow());
    for (int i = 0; i < 2880; ++i) times.push_back(now - 172'800 + i * 60);
    for (int i = 0; i < 1200; ++i) times.push_back(now - 90'000 + i * 3);
    Outside outside([&](const auto& request) {
        const auto asked = query(request);
        std::string body = "[";
        int given = 0;
        for (std::size_t i = 0; i < times.size() && given < 500; ++i) {
            if (times[i] < std::stoll(asked.at("b")) || times[i] > std::stoll(asked.at("e"))) continue;
            body += (given++ > 0 ? "," : "") + std::string("{\"id\":") + std::to_string(i) + "}";
        }
        return answer(body + "]");
    });
    const auto source = make(outside, R"(
request: {path: /w, query: {b: "{from}", e: "{to}"}}
format: json
columns: [id]
paging: {how: window, cap: 500}
watermark: {format: unix, zone: UTC, initial: 2026-11-01}
)");
    const ReadAll out = readSource(*source);
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(distinct(out).size(), times.size());
    EXPECT_LT(outside.system->requests.size(), 200U);
}

TEST(HttpSource, RaisesTheAlarmWhenAFeedHasDroppedWhatWasNotRead) {
    int newest = 5;
    Outside outside([&](const auto&) {
        std::string body = "[";
        for (int i = 0; i < 5; ++i)
            body += (i > 0 ? "," : "") + std::string("{\"id\":\"a") + std::to_string(newest - i) + "\"}";
        return answer(body + "]");
    });
    const auto source = make(outside, R"(
request: {path: /feed}
format: json
columns: [id]
paging: {how: whole, id: id, keeps: 5}
)");
    const ReadAll first = readSource(*source, ReadMode::kIncremental);
    EXPECT_EQ(first.error, "");
    newest = 8;
    const ReadAll second = readSource(*source, ReadMode::kIncremental, first.position);
    EXPECT_EQ(second.error, "");
    newest = 20;
    const ReadAll burst = readSource(*source, ReadMode::kIncremental, second.position);
    EXPECT_EQ(burst.rows.size(), 5U);
    EXPECT_EQ(burst.detail, kGapDetail);
    newest = 21;
    EXPECT_EQ(readSource(*source, ReadMode::kIncremental, burst.position).error, "");
}

TEST(HttpSource, ReadsADocumentLargerThanABatch) {
    std::string csv = "id,name\n";
    for (int i = 0; i < 25000; ++i) csv += std::to_string(i) + ",\xD6\xD0\n";
    Outside outside([&](const auto&) { return answer(csv, 200, {{"Content-Type", "text/csv; charset=GBK"}}); });
    const auto source = make(outside, "request: {path: /export.csv}\nformat: csv\n");
    const ReadAll out = readSource(*source);
    EXPECT_EQ(out.error, "");
    ASSERT_EQ(out.rows.size(), 25000U);
    EXPECT_EQ(out.rows[24999], "24999|中");
    EXPECT_FALSE(source->canRead(ReadMode::kIncremental));
    EXPECT_FALSE(source->partitions(ReadMode::kIncremental).ok());
}

TEST(HttpSource, TakesNoErrorPageForAnEmptyList) {
    std::string body = "<?xml version=\"1.0\"?><error>busy</error>";
    Outside outside([&](const auto&) { return answer(body); });
    const auto source = make(outside, kPaged);
    EXPECT_THAT(readSource(*source).error, HasSubstr("XML or a page, not JSON"));
    body = "{\"code\":500}";
    EXPECT_THAT(readSource(*source).error, HasSubstr("there are no records at \"/list\""));
}

TEST(HttpSource, TalksToTheOriginOfItsBaseWhenItHasNoClient) {
    const core::ManualClock clock;
    fixture::CountingRandom random;
    // Port 1 of the loopback: nobody listens.
    const auto source =
        config::YamlDocument::parse("kind: http\nbase: http://127.0.0.1:1/\nca: /none.pem\n", "data.yaml");
    const auto read = config::YamlDocument::parse(kPaged, "data.yaml");
    auto made = readHttpSource(source->root(), read->root(), fixture::testSecret, {nullptr, &clock, &random, nullptr});
    ASSERT_TRUE(made.ok()) << made.error().message;
    EXPECT_EQ(readSource(**made).code, core::ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace yimen::sync
