#include "sync/sources/pg_replication.h"

#include <gtest/gtest.h>

#include "unit/sync/postgres_server.h"

namespace yimen::sync {
namespace {

using core::ErrorCode;
using std::chrono::milliseconds;

class PgReplicationTest : public testing::Test {
protected:
    void SetUp() override {
        if (!server().ready()) return;
        server().run("CREATE TABLE IF NOT EXISTS streamed (id int PRIMARY KEY)");
        server().run("DROP PUBLICATION IF EXISTS streamed_by");
        server().run("CREATE PUBLICATION streamed_by FOR TABLE streamed");
        server().run("SELECT pg_create_logical_replication_slot('yimen_stream', 'pgoutput')");
    }
    void TearDown() override {
        server().run(
            "SELECT pg_sleep(0.05) FROM generate_series(1, 40) WHERE EXISTS (SELECT FROM pg_stat_replication)");
        server().run("SELECT pg_drop_replication_slot('yimen_stream')");
    }
    static PostgresServer& server() { return PostgresServer::instance(); }
    static core::Result<PgReplication> open(const std::string& slot = "yimen_stream") {
        return PgReplication::open(server().address(), {slot, "streamed_by"}, 0);
    }
};

TEST_F(PgReplicationTest, HandsOutMessagesAndHowFarTheLogGoes) {
    auto stream = open();
    ASSERT_TRUE(stream.ok()) << stream.error().describe();
    server().run("INSERT INTO streamed SELECT coalesce(max(id), 0) + 1 FROM streamed");
    std::string kinds;
    PgChange change;
    for (int i = 0; i < 200 && kinds.find('C') == std::string::npos; ++i) {
        const auto message = stream->next(milliseconds(50));
        ASSERT_TRUE(message.ok()) << message.error().describe();
        if (!*message) continue;
        kinds += (*message)->front();
        ASSERT_TRUE(decodePgOutput(**message, change).ok());
    }
    EXPECT_EQ(kinds, "BRIC");
    for (int i = 0; i < 200 && stream->seen() < change.end; ++i) {
        ASSERT_TRUE(stream->confirm(change.end, true).ok());
        ASSERT_TRUE(stream->next(milliseconds(20)).ok());
    }
    EXPECT_GE(stream->seen(), change.end) << "the server says so when it is asked";
}

TEST_F(PgReplicationTest, AnotherUserOfTheSlotMayEndSoon) {
    const auto first = open();
    ASSERT_TRUE(first.ok());
    const auto second = open();
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::kUnavailable) << second.error().describe();
}

TEST_F(PgReplicationTest, ASlotThatIsNotThereIsNotWaitedFor) {
    const auto none = open("yimen_nothing");
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().code, ErrorCode::kUpstream);
    EXPECT_NE(none.error().message.find("yimen_nothing"), std::string::npos);
}

TEST_F(PgReplicationTest, TheEndOfTheServerIsTheEndOfTheStream) {
    auto stream = open();
    ASSERT_TRUE(stream.ok());
    server().run("SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
    core::Status ended;
    for (int i = 0; i < 200 && ended.ok(); ++i) {
        const auto message = stream->next(milliseconds(20));
        if (!message.ok()) ended = message.error();
    }
    ASSERT_FALSE(ended.ok());
    EXPECT_EQ(ended.error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace yimen::sync
