#include "sync/formats/csv_cutter.h"

#include <gtest/gtest.h>

#include <random>

namespace yimen::sync {
namespace {

TEST(SpecialScanner, FindsEveryMarkWhereverItStands) {
    std::minstd_rand random(3);
    for (int round = 0; round < 500; ++round) {
        std::string text;
        for (auto left = random() % 300; left > 0; --left) text += ",\"\nabcdefgh\xE4"[random() % 12];
        const std::size_t from = text.empty() ? 0 : random() % text.size();
        SpecialScanner scanner(',', '"');
        scanner.start(text, from);
        for (std::size_t at = from; at < text.size(); ++at) {
            if (text[at] == ',' || text[at] == '"' || text[at] == '\n') {
                ASSERT_EQ(scanner.next(), at);
            }
        }
        ASSERT_EQ(scanner.next(), SpecialScanner::kNone);
    }
}

TEST(CsvCutter, AsksForMoreUntilARecordIsWhole) {
    CsvCutter cutter({});
    for (const char* part : {"", "a", "a,", "a,\"b", "a,\"b\"", "a,\"b\"\r"}) {
        cutter.restart(part);
        EXPECT_EQ(cutter.next(false).outcome, CsvCutter::Outcome::kIncomplete) << part;
    }
    cutter.restart("a,\"b\"\r\nc");
    const auto record = cutter.next(false);
    EXPECT_EQ(record.outcome, CsvCutter::Outcome::kRecord);
    EXPECT_EQ(record.length, 7U);
    EXPECT_EQ(cutter.cells().size(), 2U);
    EXPECT_EQ(cutter.next(true).length, 1U);
    EXPECT_EQ(cutter.next(true).outcome, CsvCutter::Outcome::kIncomplete);
}

}  // namespace
}  // namespace yimen::sync
