#include "sync/sources/pg_output.h"

#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

using core::ErrorCode;
using Kind = PgChange::Kind;
using Old = PgChange::Old;
using State = PgCell::State;

/// Messages as PostgreSQL 15 section 55.9 writes them.
class Message {
public:
    explicit Message(char letter) : bytes_(1, letter) {}
    Message& number(std::uint64_t value, int size) {
        for (int i = size - 1; i >= 0; --i) bytes_ += static_cast<char>(value >> static_cast<unsigned>(8 * i) & 0xffU);
        return *this;
    }
    Message& word(const std::string& text) {
        bytes_ += text;
        bytes_ += '\0';
        return *this;
    }
    Message& letters(const std::string& text) {
        bytes_ += text;
        return *this;
    }
    Message& text(const std::string& value) { return letters("t").number(value.size(), 4).letters(value); }
    const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
};

Message insert() {
    return Message('I').number(16384, 4).letters("N").number(3, 2).text("E1").letters("n").text("");
}

TEST(DecodePgOutput, ReadsATransactionsEnds) {
    PgChange change;
    ASSERT_TRUE(decodePgOutput(Message('B').number(7, 8).number(1, 8).number(900, 4).bytes(), change).ok());
    EXPECT_EQ(change.kind, Kind::kBegin);
    EXPECT_EQ(change.end, 7U);
    const auto commit = Message('C').number(0, 1).number(0x16'0000'0010, 8).number(0x16'0000'0040, 8).number(1, 8);
    ASSERT_TRUE(decodePgOutput(commit.bytes(), change).ok());
    EXPECT_EQ(change.kind, Kind::kCommit);
    EXPECT_EQ(lsnText(change.end), "16/40") << "behind the commit, not the commit's own place";
}

TEST(DecodePgOutput, ReadsATable) {
    Message message('R');
    message.number(16384, 4).word("grid").word("事件").letters("d").number(2, 2);
    message.number(1, 1).word("id").number(25, 4).number(0xffffffff, 4);
    message.number(0, 1).word("标题").number(25, 4).number(0xffffffff, 4);
    PgChange change;
    ASSERT_TRUE(decodePgOutput(message.bytes(), change).ok());
    EXPECT_EQ(change.kind, Kind::kRelation);
    EXPECT_EQ(change.relation, 16384U);
    EXPECT_EQ(change.described.schema, "grid");
    EXPECT_EQ(change.described.table, "事件");
    ASSERT_EQ(change.described.columns.size(), 2U);
    EXPECT_TRUE(change.described.columns[0].key);
    EXPECT_EQ(change.described.columns[1].name, "标题");
    EXPECT_FALSE(change.described.columns[1].key);
}

TEST(DecodePgOutput, TellsNullFromEmptyFromUnchanged) {
    PgChange change;
    const Message inserted = insert();
    ASSERT_TRUE(decodePgOutput(inserted.bytes(), change).ok());
    EXPECT_EQ(change.kind, Kind::kInsert);
    ASSERT_EQ(change.row.size(), 3U);
    EXPECT_EQ(change.row[0].text, "E1");
    EXPECT_EQ(change.row[1].state, State::kNull);
    EXPECT_EQ(change.row[2].state, State::kText);
    EXPECT_EQ(change.row[2].text, "");
    const auto update = Message('U').number(1, 4).letters("N").number(2, 2).text("E1").letters("u");
    ASSERT_TRUE(decodePgOutput(update.bytes(), change).ok());
    EXPECT_EQ(change.kind, Kind::kUpdate);
    EXPECT_EQ(change.old, Old::kNone);
    ASSERT_EQ(change.row.size(), 2U);
    EXPECT_EQ(change.row[1].state, State::kUnchanged);
}

TEST(DecodePgOutput, ReadsWhatARowWasBefore) {
    PgChange change;
    const auto moved =
        Message('U').number(1, 4).letters("K").number(1, 2).text("old").letters("N").number(1, 2).text("new");
    ASSERT_TRUE(decodePgOutput(moved.bytes(), change).ok());
    EXPECT_EQ(change.old, Old::kKey);
    EXPECT_EQ(change.before.at(0).text, "old");
    EXPECT_EQ(change.row.at(0).text, "new");
    const auto gone = Message('D').number(1, 4).letters("O").number(1, 2).text("x");
    ASSERT_TRUE(decodePgOutput(gone.bytes(), change).ok());
    EXPECT_EQ(change.kind, Kind::kDelete);
    EXPECT_EQ(change.old, Old::kRow);
    EXPECT_TRUE(change.row.empty()) << "nothing of the message before";
}

TEST(DecodePgOutput, ReadsWhatWasEmptiedAndPassesWhatDoesNotConcernRows) {
    PgChange change;
    ASSERT_TRUE(decodePgOutput(Message('T').number(2, 4).number(1, 1).number(5, 4).number(6, 4).bytes(), change).ok());
    EXPECT_EQ(change.kind, Kind::kTruncate);
    EXPECT_EQ(change.truncated, (std::vector<std::uint32_t>{5, 6}));
    for (const char letter : {'O', 'Y', 'M'}) {
        ASSERT_TRUE(decodePgOutput(Message(letter).word("whatever").bytes(), change).ok());
        EXPECT_EQ(change.kind, Kind::kOther);
    }
}

TEST(DecodePgOutput, RefusesEveryMessageThatIsCutOff) {
    PgChange change;
    for (const Message& whole :
         {insert(), Message('C').number(0, 1).number(1, 8).number(2, 8).number(3, 8), Message('B').number(0, 20),
          Message('U').number(1, 4).letters("K").number(1, 2).text("k").letters("N").number(1, 2).text("n"),
          Message('R').number(1, 4).word("s").word("t").letters("d").number(1, 2).number(1, 1).word("c").number(0, 8),
          Message('T').number(1, 4).number(0, 1).number(5, 4)}) {
        ASSERT_TRUE(decodePgOutput(whole.bytes(), change).ok());
        for (std::size_t size = 0; size < whole.bytes().size(); ++size) {
            const auto refused = decodePgOutput(whole.bytes().substr(0, size), change);
            ASSERT_FALSE(refused.ok()) << whole.bytes()[0] << " at " << size;
            EXPECT_EQ(refused.error().code, ErrorCode::kCorrupt);
        }
        EXPECT_FALSE(decodePgOutput(whole.bytes() + "x", change).ok()) << whole.bytes()[0] << ": something behind it";
    }
}

TEST(DecodePgOutput, BelievesNoCount) {
    PgChange change;
    EXPECT_FALSE(decodePgOutput(Message('T').number(0xffffffff, 4).number(0, 1).bytes(), change).ok());
    EXPECT_FALSE(decodePgOutput(Message('I').number(1, 4).letters("N").number(65535, 2).bytes(), change).ok());
    const auto longText = Message('I').number(1, 4).letters("N").number(1, 2).letters("t").number(0xfffffff0, 4);
    EXPECT_FALSE(decodePgOutput(longText.bytes(), change).ok());
    EXPECT_FALSE(decodePgOutput(Message('?').bytes(), change).ok());
    EXPECT_FALSE(decodePgOutput("", change).ok());
}

TEST(LsnText, IsWhatThePlacesAreCalled) {
    EXPECT_EQ(lsnText(0x16'B374'D848), "16/B374D848");
    EXPECT_EQ(parseLsn("16/B374D848"), 0x16'B374'D848U);
    EXPECT_EQ(parseLsn("0/0"), 0U);
    for (const char* bad : {"", "/", "16", "16/", "x/1", "1/2/3", "1/ 2", "100000000/0"}) {
        EXPECT_EQ(parseLsn(bad), std::nullopt) << bad;
    }
}

}  // namespace
}  // namespace yimen::sync
