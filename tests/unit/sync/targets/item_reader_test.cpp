#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class ItemReaderTest : public TargetTest<Backend> {};
TYPED_TEST_SUITE(ItemReaderTest, Backends);

ItemTable everyType() {
    ItemTable item;
    item.code = "ZS-02";
    item.table = "every_type";
    item.title = "全部'类型";
    item.system = "demo";
    item.schema.fields = {
        {"id", "", FieldType::kInteger, true, true},    {"txt", "", FieldType::kText, false, false},
        {"num", "", FieldType::kDecimal, false, false}, {"yes", "", FieldType::kBoolean, false, false},
        {"day", "", FieldType::kDate, false, false},    {"at", "", FieldType::kDateTime, false, false},
        {"doc", "", FieldType::kJson, false, false}};
    return item;
}

TYPED_TEST(ItemReaderTest, GivesEveryTypeBackInItsCanonicalForm) {
    this->prepare(everyType());
    this->begin();
    const Counters added = this->commit(
        {{{"-9223372036854775808", "甲'乙\\\"\t\n,x", "-12.340", "true", "0001-01-01", "2026-06-30T08:00:00+08:00",
           "{\"b\": 1,  \"a\":[null]}"}},
         {{"-1", "", "0", "false", "9999-12-31", "2026-06-30T08:00:00.5+08:00", "\"x\""}},
         {{"0", nullptr, nullptr, nullptr, nullptr, nullptr, nullptr}},
         {{"10", "𠮷", "123456789012345678901234567890.000000001", "true", "2024-02-29",
           "1988-07-01T00:00:00.123456+08:00", "1"}},
         {{"9", "x", "0.0001", "true", "1970-01-01", "2026-06-30T00:00:00.120Z", "{}"}},
         {{"11", "y", "10000", "true", "1999-12-31", "1999-12-31T23:59:59.999999-05:00", "[]"}},
         {{"12", "z", "-0.5", "false", "2000-01-01", "0001-01-01T00:00:00+08:00", "true"}},
         {{"9223372036854775807", "z", "100000000", "false", "2000-03-01", "9999-12-31T23:59:59+08:00", "0"}}});
    EXPECT_EQ(added.inserted, 8U);
    EXPECT_EQ(added.rejected, 0U);
    EXPECT_EQ(this->stored(),
              "-9223372036854775808|甲'乙\\\"\t\n,x|-12.340|true|0001-01-01|2026-06-30T08:00:00+08:00|{\"b\": 1,  "
              "\"a\":[null]}\n"
              "-1||0|false|9999-12-31|2026-06-30T08:00:00.5+08:00|\"x\"\n"
              "0|~|~|~|~|~|~\n"
              "9|x|0.0001|true|1970-01-01|2026-06-30T08:00:00.12+08:00|{}\n"
              "10|𠮷|123456789012345678901234567890.000000001|true|2024-02-29|1988-07-01T00:00:00.123456+08:00|1\n"
              "11|y|10000|true|1999-12-31|2000-01-01T12:59:59.999999+08:00|[]\n"
              "12|z|-0.5|false|2000-01-01|0001-01-01T00:00:00+08:00|true\n"
              "9223372036854775807|z|100000000|false|2000-03-01|9999-12-31T23:59:59+08:00|0\n");
}

TYPED_TEST(ItemReaderTest, ReadsAsOfAnyMoment) {
    this->prepare(this->people());
    this->begin();
    const std::int64_t before = this->now();
    this->clock.advance(std::chrono::seconds(1));
    this->commit({{{"a", "1", nullptr}}, {{"b", "1", nullptr}}});
    const std::int64_t first = this->now();
    this->clock.advance(std::chrono::seconds(1));
    this->commit({{{"a", "2", nullptr}}, {{"b", nullptr, nullptr}, Op::kDelete}});
    const std::int64_t second = this->now();
    this->clock.advance(std::chrono::seconds(1));
    this->commit({{{"b", "3", nullptr}}});
    EXPECT_EQ(this->stored(before), "");
    EXPECT_EQ(this->stored(first), "a|1|~\nb|1|~\n");
    EXPECT_EQ(this->stored(second - 1), "a|1|~\nb|1|~\n");
    EXPECT_EQ(this->stored(second), "a|2|~\n");
    EXPECT_EQ(this->stored(this->now()), "a|2|~\nb|3|~\n");
}

TYPED_TEST(ItemReaderTest, PagesGoOnWhereTheLastOneEnded) {
    ItemTable wanted = this->people();
    wanted.schema.fields[2].key = true;
    this->prepare(wanted);
    this->begin();
    this->commit({{{"a", "1", "2"}}, {{"a", "2", "10"}}, {{"甲", "3", "-1"}}, {{"B", "4", "1"}}, {{"a", "5", "-3"}}});
    EXPECT_EQ(allRows(*this->shared.rows, wanted, std::nullopt, 1), "B|4|1\na|5|-3\na|1|2\na|2|10\n甲|3|-1\n");
    EXPECT_EQ(allRows(*this->shared.rows, wanted, std::nullopt, 5),
              allRows(*this->shared.rows, wanted, std::nullopt, 2));
    EXPECT_EQ(this->shared.rows->page(wanted, {"a"}, 5, std::nullopt).error().code, core::ErrorCode::kInvalidInput);
    EXPECT_EQ(this->shared.rows->page(wanted, {"a", "x"}, 5, std::nullopt).error().code,
              core::ErrorCode::kInvalidInput);
}

}  // namespace
}  // namespace yimen::sync
