// The kafka source against librdkafka's mock broker (kafka_mock.h); no Kafka is packaged for Debian.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <yimen/harness.hpp>

#include "plugins/real/kafka_mock.h"

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using yimen::harness::Answer;
using yimen::harness::PluginError;
using yimen::harness::Row;
using yimen::harness::Source;
using yimen::test::MockCluster;
using yimen::test::Producer;

class KafkaSource : public ::testing::Test {
protected:
    std::string config(const std::string& read, const std::string& brokers = {}) const {
        return R"({"source":{"brokers":[")" + (brokers.empty() ? cluster.brokers() : brokers) +
               R"("],"tls":"off","sasl":"none","timeout":3000},"read":{"topic":"t","columns":["id","name","at.zone"],)"
               R"("key":["id"],"start":"earliest","follow":0)" +
               read + "}}";
    }
    /// Everything of one partition from `position` on, in small batches.
    static Answer rest(Source& source, std::uint32_t mode, std::size_t partition, std::string& position,
                       std::size_t rows = 3) {
        source.open(source.partitions(mode).at(partition), mode, position);
        Answer all;
        for (bool end = false; !end;) {
            Answer one = source.read(rows);
            all.rows.insert(all.rows.end(), one.rows.begin(), one.rows.end());
            all.ops.insert(all.ops.end(), one.ops.begin(), one.ops.end());
            all.refused.insert(all.refused.end(), one.refused.begin(), one.refused.end());
            if (!one.position.empty()) position = one.position;
            end = one.end;
        }
        return all;
    }
    static int codeOf(const std::function<void()>& call, std::string& words) {
        try {
            call();
        } catch (const PluginError& error) {
            words = error.what();
            return error.code;
        }
        return YIMEN_OK;
    }

    MockCluster cluster;
    Producer producer{cluster.brokers()};
};

TEST_F(KafkaSource, GivesTheMembersOfTheValueAsColumns) {
    cluster.topic("t", 1);
    producer.send("t", 0, "1", R"({"id": 1.10, "name": "网格\u0041\n\"", "at": {"zone": "x", "y": [1]}, "more": {}})");
    producer.send("t", 0, "2", R"({"name": null})");
    Source source(YIMEN_KAFKA_PLUGIN, config(""));
    EXPECT_EQ(source.describe().at(2).first, "at.zone");
    std::string position;
    const Answer all = rest(source, YIMEN_MODE_FULL, 0, position);
    // The digits stay as they were written; a key that the value leaves out is the message's.
    EXPECT_THAT(all.rows, ElementsAre(Row{"1.10", "网格A\n\"", "x"}, Row{"2", std::nullopt, std::nullopt}));
    EXPECT_EQ(position, R"({"offset":"2"})");
}

TEST_F(KafkaSource, GoesOnBehindThePositionOfEachPartition) {
    cluster.topic("t", 2);
    for (int i = 0; i < 10; ++i) producer.send("t", i % 2, std::to_string(i), R"({"name":"a"})");
    Source source(YIMEN_KAFKA_PLUGIN, config(""));
    std::string first;
    std::string second;
    EXPECT_EQ(rest(source, YIMEN_MODE_INCREMENTAL, 0, first).rows.size(), 5U);
    EXPECT_EQ(rest(source, YIMEN_MODE_INCREMENTAL, 1, second).rows.size(), 5U);
    producer.send("t", 1, "11", R"({"name":"b"})");
    EXPECT_EQ(rest(source, YIMEN_MODE_INCREMENTAL, 0, first).rows.size(), 0U);
    EXPECT_THAT(rest(source, YIMEN_MODE_INCREMENTAL, 1, second).rows, ElementsAre(Row{"11", "b", std::nullopt}));
    EXPECT_EQ(rest(source, YIMEN_MODE_FULL, 1, second = "").rows.size(), 6U);
}

TEST_F(KafkaSource, EndsAtWhatWasThereWhenTheRunBegan) {
    cluster.topic("t", 1);
    producer.send("t", 0, "1", "{}");
    Source source(YIMEN_KAFKA_PLUGIN, config(""));
    const auto parts = source.partitions(YIMEN_MODE_FULL);
    producer.send("t", 0, "2", "{}");
    source.open(parts.at(0), YIMEN_MODE_FULL, "");
    Answer answer;
    while (!answer.end) {
        answer = source.read();
        for (const Row& row : answer.rows) EXPECT_EQ(row[0], "1");
    }
    EXPECT_EQ(answer.position, R"({"offset":"1"})");
}

TEST_F(KafkaSource, TakesATombstoneAsADeletion) {
    cluster.topic("t", 1);
    producer.send("t", 0, "7", R"({"name":"x"})");
    producer.send("t", 0, "7", std::nullopt);
    producer.send("t", 0, R"({"id":"8"})", std::nullopt);
    Source source(YIMEN_KAFKA_PLUGIN, config(""));
    std::string position;
    const Answer all = rest(source, YIMEN_MODE_INCREMENTAL, 0, position);
    EXPECT_THAT(all.ops, ElementsAre(YIMEN_ROW_UPSERT, YIMEN_ROW_DELETE, YIMEN_ROW_DELETE));
    EXPECT_EQ(all.rows.at(1), (Row{"7", std::nullopt, std::nullopt}));
    EXPECT_EQ(all.rows.at(2).at(0), "8");
}

TEST_F(KafkaSource, KeepsTheGoodOnesBesideTheBad) {
    cluster.topic("t", 1);
    producer.send("t", 0, "1", R"({"name":"good"})");
    producer.send("t", 0, "2", R"({"name":"cut)");
    producer.send("t", 0, "3", R"({"name":01})");
    producer.send("t", 0, "4", "{} {}");
    producer.send("t", 0, "5", "\xFF\xFE");
    producer.send("t", 0, "6", R"(["no object"])");
    producer.send("t", 0, std::nullopt, std::nullopt);
    producer.send("t", 0, std::nullopt, R"({"name":"without a key"})");
    producer.send("t", 0, "9", R"({"name":"\ud800"})");
    producer.send("t", 0, "10", R"({"name":"also good"})");
    Source source(YIMEN_KAFKA_PLUGIN, config(""));
    std::string position;
    const Answer all = rest(source, YIMEN_MODE_INCREMENTAL, 0, position);
    EXPECT_THAT(all.rows, ElementsAre(Row{"1", "good", std::nullopt}, Row{"10", "also good", std::nullopt}));
    ASSERT_EQ(all.refused.size(), 8U);
    EXPECT_THAT(all.refused[0], ::testing::StartsWith("t/0/1: "));
    EXPECT_THAT(all.refused[0], ::testing::EndsWith(R"({"name":"cut)"));
    EXPECT_THAT(all.refused[6], HasSubstr("the key 'id' is missing"));
    EXPECT_EQ(position, R"({"offset":"10"})");
}

TEST_F(KafkaSource, RefusesToGoOnWhereRecordsWereLost) {
    cluster.topic("t", 1);
    for (int i = 0; i < 3; ++i) producer.send("t", 0, "1", "{}");
    Source source(YIMEN_KAFKA_PLUGIN, config(""));
    const auto parts = source.partitions(YIMEN_MODE_INCREMENTAL);
    std::string words;
    // Kafka made the topic anew: it ends before what was read.
    EXPECT_EQ(codeOf([&] { source.open(parts.at(0), YIMEN_MODE_INCREMENTAL, R"({"offset":"4"})"); }, words),
              YIMEN_INVALID);
    EXPECT_THAT(words, HasSubstr("--full"));
    EXPECT_EQ(codeOf([&] { source.open(parts.at(0), YIMEN_MODE_INCREMENTAL, R"({"offset":"x"})"); }, words),
              YIMEN_INVALID);
    EXPECT_EQ(codeOf([&] { source.open(parts.at(0), YIMEN_MODE_INCREMENTAL, R"({"offset":"3"})"); }, words), YIMEN_OK);
}

TEST_F(KafkaSource, BeginsWithTheLatestAndMissesNothingAfterwards) {
    cluster.topic("t", 1);
    producer.send("t", 0, "1", "{}");
    const std::string late = config("");
    Source source(YIMEN_KAFKA_PLUGIN,
                  std::string(late).replace(late.find("earliest"), std::string("earliest").size(), "latest"));
    std::string position;
    EXPECT_EQ(rest(source, YIMEN_MODE_INCREMENTAL, 0, position).rows.size(), 0U);
    EXPECT_EQ(position, R"({"offset":"1"})");
    producer.send("t", 0, "2", "{}");
    EXPECT_EQ(rest(source, YIMEN_MODE_INCREMENTAL, 0, position).rows.size(), 1U);
}

TEST_F(KafkaSource, FollowsForAsLongAsItIsTold) {
    cluster.topic("t", 1);
    const std::string short_ = config("");
    Source source(YIMEN_KAFKA_PLUGIN, std::string(short_).replace(short_.find("\"follow\":0"), 10, "\"follow\":1500"));
    source.open(source.partitions(YIMEN_MODE_INCREMENTAL).at(0), YIMEN_MODE_INCREMENTAL, "");
    EXPECT_FALSE(source.read().end);
    producer.send("t", 0, "1", "{}");
    std::size_t rows = 0;
    for (Answer answer; !answer.end;) {
        answer = source.read();
        rows += answer.rows.size();
    }
    EXPECT_EQ(rows, 1U);
}

TEST_F(KafkaSource, GivesARecordThatIsLargerThanTheFetch) {
    cluster.topic("t", 1);
    const std::string large(900'000, 'x');
    producer.send("t", 0, "1", R"({"name":")" + large + "\"}");
    Source source(YIMEN_KAFKA_PLUGIN, config(""));
    std::string position;
    EXPECT_EQ(rest(source, YIMEN_MODE_FULL, 0, position).rows.at(0).at(1)->size(), large.size());
}

TEST_F(KafkaSource, SaysWhatToDoAboutATopicThatIsNotThere) {
    rd_kafka_mock_topic_set_error(cluster.handle(), "t", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    Source source(YIMEN_KAFKA_PLUGIN, config(""));
    std::string words;
    EXPECT_EQ(codeOf([&] { source.partitions(); }, words), YIMEN_NOT_FOUND);
    EXPECT_THAT(words, HasSubstr("topic t: "));
    rd_kafka_mock_topic_set_error(cluster.handle(), "t", RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    EXPECT_EQ(codeOf([&] { source.partitions(); }, words), YIMEN_DENIED);
    EXPECT_THAT(words, HasSubstr("READ"));
}

TEST_F(KafkaSource, RefusesMorePartitionsThanTheHubTakes) {
    cluster.topic("t", 257);
    Source source(YIMEN_KAFKA_PLUGIN, config(""));
    std::string words;
    EXPECT_EQ(codeOf([&] { source.partitions(); }, words), YIMEN_INVALID);
    EXPECT_THAT(words, HasSubstr("257 partitions"));
}

TEST_F(KafkaSource, SaysThatNoBrokerAnswers) {
    Source source(YIMEN_KAFKA_PLUGIN, config("", "127.0.0.1:1"));
    std::string words;
    EXPECT_EQ(codeOf([&] { source.partitions(); }, words), YIMEN_UNAVAILABLE);
    EXPECT_THAT(words, HasSubstr("check brokers"));
    EXPECT_THAT(words, HasSubstr("Connection refused"));
    Source unknown(YIMEN_KAFKA_PLUGIN, config("", "no.such.host.invalid:9092"));
    EXPECT_EQ(codeOf([&] { unknown.partitions(); }, words), YIMEN_UNAVAILABLE);
    EXPECT_THAT(words, HasSubstr("check brokers"));
}

TEST_F(KafkaSource, EndsSoonWhenItIsCancelled) {
    cluster.topic("t", 1);
    Source source(YIMEN_KAFKA_PLUGIN, config("", "127.0.0.1:1"));
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        source.cancelled = true;
    });
    const auto begin = std::chrono::steady_clock::now();
    std::string words;
    EXPECT_EQ(codeOf([&] { source.partitions(); }, words), YIMEN_CANCELLED);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(2500));
    other.join();
}

TEST_F(KafkaSource, WantsAPasswordForSasl) {
    const std::string plain = config("");
    const std::string sasl = std::string(plain).replace(plain.find("\"none\""), 6, "\"scram-sha-256\",\"user\":\"u\"");
    std::string words;
    Source without(YIMEN_KAFKA_PLUGIN, sasl);
    EXPECT_EQ(codeOf([&] { without.partitions(); }, words), YIMEN_INVALID);
    EXPECT_THAT(words, HasSubstr("source.password"));
    // The mock broker knows no SASL and hangs up: an error with what to do, without the password.
    Source with(YIMEN_KAFKA_PLUGIN, sasl, {{"source.password", "s3cret-word"}});
    EXPECT_NE(codeOf([&] { with.partitions(); }, words), YIMEN_OK);
    EXPECT_THAT(words, ::testing::Not(HasSubstr("s3cret-word")));
}

TEST_F(KafkaSource, SaysWhichSettingIsWrong) {
    const std::string plain = config("");
    Source tls(YIMEN_KAFKA_PLUGIN,
               std::string(plain).replace(plain.find("\"off\""), 5, R"("verify","ca_file":"/nowhere/ca.pem")"));
    std::string words;
    EXPECT_EQ(codeOf([&] { tls.partitions(); }, words), YIMEN_INVALID);
    EXPECT_THAT(words, HasSubstr("/nowhere/ca.pem"));
    // A port that speaks no TLS.
    Source wrong(YIMEN_KAFKA_PLUGIN, std::string(plain).replace(plain.find("\"off\""), 5, "\"require\""));
    EXPECT_NE(codeOf([&] { wrong.partitions(); }, words), YIMEN_OK);
    EXPECT_THAT(words, HasSubstr("that tls fits the port"));
    EXPECT_THROW(
        Source(YIMEN_KAFKA_PLUGIN, R"({"source":{"brokers":["x:1"]},"read":{"topic":"t","columns":["a","a"]}})"),
        PluginError);
    EXPECT_THROW(Source(YIMEN_KAFKA_PLUGIN,
                        R"({"source":{"brokers":["x:1"]},"read":{"topic":"t","columns":["a"],"key":["b"]}})"),
                 PluginError);
}

}  // namespace
