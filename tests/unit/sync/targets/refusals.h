#pragma once

#include <deque>
#include <set>

#include "unit/sync/targets/backends.h"

namespace yimen::sync {

/// Rows that only the database itself refuses (JSON that is none), new and changed, among good ones.
template <typename Backend>
class RefusalTest : public TargetTest<Backend> {
protected:
    void play() {
        ItemTable wanted = this->people();
        wanted.schema.fields.push_back({"doc", "", FieldType::kJson, false, false});
        this->prepare(wanted);
        this->begin();
        std::deque<std::string> keys;
        std::vector<Row> rows;
        for (int i = 0; i < 100; ++i) {
            keys.push_back(std::to_string(1000 + i));
            rows.push_back({{keys.back().c_str(), "1", "1", i == 13 || i == 77 ? "{secret" : "{}"}});
        }
        EXPECT_EQ(this->commit(rows), (Counters{100, 98, 0, 0, 2, 0, 0, 0}));
        EXPECT_EQ(valueOf(this->shared.rows->count(this->item)), 98U);
        const std::int64_t first = this->now();
        const std::string before = this->stored();
        this->clock.advance(std::chrono::seconds(1));
        rows[5].cells[3] = "[";
        rows[6].cells[1] = "2";
        EXPECT_EQ(this->commit(rows), (Counters{100, 0, 1, 96, 3, 0, 0, 0}));
        EXPECT_EQ(this->stored(first), before) << "a refused change leaves no history";
        rows[5].cells[3] = "[]";
        EXPECT_EQ(this->commit({rows[5]}), (Counters{1, 0, 1, 0, 0, 0, 0, 0}));
        const auto letters = valueOf(this->shared.deadLetters->open({this->item.code, "target"}, 0, 100));
        ASSERT_EQ(letters.size(), 2U) << "the same record is the same letter; one that came in good needs none";
        std::multiset<std::uint64_t> origins;
        for (const DeadLetter& letter : letters) {
            origins.insert(letter.reject.origin);
            EXPECT_EQ(letter.reject.message.find("secret"), std::string::npos) << "messages name no value";
            EXPECT_NE(letter.reject.raw.find("\"doc\""), std::string::npos);
            EXPECT_EQ(letter.times, 2);
            EXPECT_EQ(letter.lastSeen, this->now());
            EXPECT_LT(letter.createdAt, letter.lastSeen);
        }
        EXPECT_EQ(origins, (std::multiset<std::uint64_t>{14, 78}));
    }
};

}  // namespace yimen::sync
