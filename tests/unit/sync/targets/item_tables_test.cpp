#include "sync/targets/item_tables.h"

#include "unit/sync/targets/backends.h"

namespace yimen::sync {
namespace {

template <typename Backend>
class ItemTablesTest : public TargetTest<Backend> {
protected:
    core::ErrorCode refusal(const ItemTable& wanted) {
        const auto done = this->shared.target->prepare(wanted);
        EXPECT_FALSE(done.ok());
        return done.ok() ? core::ErrorCode::kInternal : done.error().code;
    }
};
TYPED_TEST_SUITE(ItemTablesTest, Backends);

TYPED_TEST(ItemTablesTest, CreatesOnceAndThenChangesNothing) {
    EXPECT_TRUE(valueOf(this->shared.target->prepare(this->people())).created);
    EXPECT_FALSE(valueOf(this->shared.target->prepare(this->people())).any());
}

TYPED_TEST(ItemTablesTest, AddsColumnsAndWidensThemWithTheirHistory) {
    ItemTable wanted = this->people();
    wanted.schema.fields.push_back({"ok", "", FieldType::kBoolean, false, false});
    wanted.schema.fields.push_back({"at", "", FieldType::kDateTime, false, false});
    wanted.schema.fields.push_back({"n", "", FieldType::kInteger, false, false});
    this->prepare(wanted);
    this->begin();
    this->commit({{{"a", "1", "7", "true", "2026-06-30T08:00:00.5+08:00", "5"}}});
    const std::int64_t first = this->now();
    this->clock.advance(std::chrono::seconds(1));
    this->commit({{{"a", "1", "8", "false", nullptr, "6"}}});
    wanted.schema.fields[2].type = FieldType::kText;
    wanted.schema.fields[3].type = FieldType::kText;
    wanted.schema.fields[4].type = FieldType::kText;
    wanted.schema.fields[5].type = FieldType::kDecimal;
    wanted.schema.fields.push_back({"more", "", FieldType::kJson, false, false});
    const SchemaChange change = valueOf(this->shared.target->prepare(wanted));
    EXPECT_EQ(change.added, std::vector<std::string>{"more"});
    EXPECT_EQ(change.widened, (std::vector<std::string>{"age: integer -> text", "ok: boolean -> text",
                                                        "at: datetime -> text", "n: integer -> decimal"}));
    this->prepare(wanted);
    EXPECT_EQ(this->stored(), "a|1|8|false|~|6|~\n");
    EXPECT_EQ(this->stored(first), "a|1|7|true|2026-06-30T08:00:00.5+08:00|5|~\n");
    this->begin();
    this->commit({{{"a", "1", "x", "y", "z", "6.5", "{}"}}});
    EXPECT_EQ(this->stored(), "a|1|x|y|z|6.5|{}\n");
}

TYPED_TEST(ItemTablesTest, RefusesWhatMayLoseValues) {
    this->prepare(this->people());
    ItemTable narrower = this->people();
    narrower.schema.fields[1].type = FieldType::kInteger;
    EXPECT_EQ(this->refusal(narrower), core::ErrorCode::kConflict);
    ItemTable fewer = this->people();
    fewer.schema.fields.pop_back();
    EXPECT_EQ(this->refusal(fewer), core::ErrorCode::kConflict);
    ItemTable otherKey = this->people();
    otherKey.schema.fields[1].key = true;
    EXPECT_EQ(this->refusal(otherKey), core::ErrorCode::kConflict);
    ItemTable keyType = this->people();
    keyType.schema.fields[0].type = FieldType::kInteger;
    EXPECT_EQ(this->refusal(keyType), core::ErrorCode::kConflict);
    ItemTable moved = this->people();
    moved.table = "elsewhere";
    EXPECT_EQ(this->refusal(moved), core::ErrorCode::kConflict);
    ItemTable other = this->people();
    other.code = "ZS-99";
    EXPECT_EQ(this->refusal(other), core::ErrorCode::kConflict);
    EXPECT_FALSE(valueOf(this->shared.target->prepare(this->people())).any());
}

TYPED_TEST(ItemTablesTest, RefusesNamesAndKeysThatCannotBe) {
    for (const char* name : {"", "People", "1a", "a b", "a\"; DROP TABLE sync_run; --", "sync_run", "pg_x",
                             "a__history", "\xe7\x94\xb2", "a23456789012345678901234567890123456789012345678901234x"}) {
        ItemTable wanted = this->people();
        wanted.table = name;
        EXPECT_EQ(this->refusal(wanted), core::ErrorCode::kInvalidInput) << name;
    }
    for (const char* name : {"_key", "A", "a\"b", "name"}) {
        ItemTable wanted = this->people();
        wanted.schema.fields[2].name = name;
        EXPECT_EQ(this->refusal(wanted), core::ErrorCode::kInvalidInput) << name;
    }
    ItemTable noKey = this->people();
    noKey.schema.fields[0].key = false;
    EXPECT_EQ(this->refusal(noKey), core::ErrorCode::kInvalidInput);
    ItemTable decimalKey = this->people();
    decimalKey.schema.fields[0].type = FieldType::kDecimal;
    EXPECT_EQ(this->refusal(decimalKey), core::ErrorCode::kInvalidInput);
    ItemTable badVersion = this->people();
    badVersion.version = 7;
    EXPECT_EQ(this->refusal(badVersion), core::ErrorCode::kInvalidInput);
}

TYPED_TEST(ItemTablesTest, TakesNamesThatAreWordsOfSql) {
    ItemTable wanted = this->people();
    wanted.table = "select";
    wanted.schema.fields[0].name = "order";
    wanted.schema.fields[1].name = "group";
    wanted.title = "引'号\"";
    this->prepare(wanted);
    this->begin();
    this->commit({{{"a", "1", "2"}}});
    this->commit({{{"a", "2", "2"}}});
    EXPECT_EQ(this->stored(), "a|2|2\n");
}

}  // namespace
}  // namespace yimen::sync
