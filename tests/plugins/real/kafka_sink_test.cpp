// The kafka sink against librdkafka's mock broker (kafka_mock.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "plugins/real/kafka_mock.h"
#include "plugins/real/sink_host.h"

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using yimen::harness::PluginError;
using yimen::test::Given;
using yimen::test::MockCluster;
using yimen::test::Producer;
using yimen::test::SinkHost;

constexpr std::int16_t kProduce = 0;
constexpr std::int16_t kInitProducerId = 22;
constexpr std::int16_t kAddPartitions = 24;
constexpr std::int16_t kEndTransaction = 26;
constexpr std::int16_t kTransactionOffset = 28;

constexpr const char* kItem = R"({"code":"ZS-1","table":"event","run":7,"fields":[
  {"name":"id","type":"text","key":true},{"name":"n","type":"integer","key":false},
  {"name":"ok","type":"boolean","key":false},{"name":"area","type":"decimal","key":false},
  {"name":"more","type":"json","key":false}]})";

/// Everything in a topic, as "key|value|headers", in the order of each partition.
std::vector<std::string> recordsOf(const std::string& brokers, const std::string& topic) {
    std::array<char, 512> words{};
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), words.data(), words.size());
    rd_kafka_conf_set(conf, "enable.partition.eof", "true", words.data(), words.size());
    const std::unique_ptr<rd_kafka_t, Producer::Destroy> consumer(
        rd_kafka_new(RD_KAFKA_CONSUMER, conf, words.data(), words.size()));
    rd_kafka_topic_t* one = rd_kafka_topic_new(consumer.get(), topic.c_str(), nullptr);
    rd_kafka_consume_start(one, 0, 0);
    std::vector<std::string> out;
    for (int tries = 0; tries < 100; ++tries) {
        rd_kafka_message_t* message = rd_kafka_consume(one, 0, 200);
        if (message == nullptr) continue;
        const bool end = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            std::string text(static_cast<const char*>(message->key), message->key_len);
            text += message->payload == nullptr
                        ? "|-"
                        : "|" + std::string(static_cast<const char*>(message->payload), message->len);
            rd_kafka_headers_t* headers = nullptr;
            rd_kafka_message_headers(message, &headers);
            const char* name = nullptr;
            const void* value = nullptr;
            std::size_t size = 0;
            for (std::size_t i = 0; headers != nullptr && rd_kafka_header_get_all(headers, i, &name, &value, &size) ==
                                                              RD_KAFKA_RESP_ERR_NO_ERROR;
                 ++i) {
                text += "|" + std::string(name) + "=" + std::string(static_cast<const char*>(value), size);
            }
            out.push_back(text);
        }
        rd_kafka_message_destroy(message);
        if (end) break;
    }
    rd_kafka_consume_stop(one, 0);
    rd_kafka_topic_destroy(one);
    return out;
}

class KafkaSink : public ::testing::Test {
protected:
    void SetUp() override { cluster.topic("ZS-1", 1); }
    std::string config(const std::string& more = {}, const std::string& brokers = {}) const {
        return R"({"sink":{"brokers":[")" + (brokers.empty() ? cluster.brokers() : brokers) +
               R"("],"tls":"off","timeout":5000)" + more + "}}";
    }
    static Given row(const std::string& id, const std::string& number = "1") {
        return {{id, number, "true", "1.10", "{}"}, false, 42};
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
    int codeOf(const std::function<void()>& call) {
        std::string words;
        return codeOf(call, words);
    }

    MockCluster cluster;
};

TEST_F(KafkaSink, WritesRecordsWithKeyValueAndHeaders) {
    SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, config());
    EXPECT_EQ(sink.begin(kItem), "");
    sink.write({row("a\"1", "-5"), {{"b", std::nullopt, "false", "0.10", "[1]"}, false, 43}});
    sink.write({{{"a\"1", std::nullopt, std::nullopt, std::nullopt, std::nullopt}, true, 44}});
    sink.commit(R"({"to":3})");
    EXPECT_THAT(
        recordsOf(cluster.brokers(), "ZS-1"),
        ElementsAre(
            R"(a"1|{"id":"a\"1","n":-5,"ok":true,"area":"1.10","more":{}}|yimen.item=ZS-1|yimen.run=7|yimen.op=upsert|yimen.id=ZS-1/42/a"1)",
            R"(b|{"id":"b","n":null,"ok":false,"area":"0.10","more":[1]}|yimen.item=ZS-1|yimen.run=7|yimen.op=upsert|yimen.id=ZS-1/43/b)",
            R"(a"1|-|yimen.item=ZS-1|yimen.run=7|yimen.op=delete|yimen.id=ZS-1/44/a"1)"));
}

TEST_F(KafkaSink, MakesOneKeyOfSeveralFields) {
    cluster.topic("t.two", 1);
    SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, config(R"(,"topic":"t.{table}")"));
    sink.begin(R"({"code":"c","table":"two","fields":[{"name":"a","type":"text","key":true},
                   {"name":"b","type":"integer","key":true}]})");
    sink.write({{{"x", "2"}, true, 1}});
    sink.commit("p");
    EXPECT_THAT(recordsOf(cluster.brokers(), "t.two").at(0), ::testing::StartsWith(R"(["x","2"]|-|)"));
}

TEST_F(KafkaSink, GivesThePositionThatWasCommittedWithoutTransactions) {
    const std::string plain = config(R"(,"transactions":false)");
    {
        SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, plain);
        EXPECT_EQ(sink.begin(kItem), "");
        sink.write({row("1")});
        sink.commit(R"({"to":"一"})");
        sink.write({row("2")});  // never committed
    }
    SinkHost again(YIMEN_KAFKA_SINK_PLUGIN, plain);
    EXPECT_EQ(again.begin(kItem), R"({"to":"一"})");
    again.commit(R"({"to":2})");  // a position without a record
    EXPECT_EQ(again.begin(kItem), R"({"to":2})");
}

TEST_F(KafkaSink, IsOfNoUseAfterItWasFenced) {
    SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, config());
    sink.begin(kItem);
    sink.write({row("1")});
    rd_kafka_mock_push_request_errors(cluster.handle(), kEndTransaction, 1, RD_KAFKA_RESP_ERR_PRODUCER_FENCED);
    std::string words;
    EXPECT_EQ(codeOf([&] { sink.commit("p"); }, words), YIMEN_CONFLICT);
    EXPECT_THAT(words, HasSubstr("another hub"));
    EXPECT_EQ(codeOf([&] { sink.commit("p"); }), YIMEN_UNAVAILABLE);
    EXPECT_EQ(codeOf([&] { sink.write({row("2")}); }), YIMEN_UNAVAILABLE);
    sink.begin(kItem);
    sink.write({row("3")});
    sink.commit("q");
}

TEST_F(KafkaSink, IsFencedWhileItProduces) {
    SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, config());
    sink.begin(kItem);
    rd_kafka_mock_push_request_errors(cluster.handle(), kProduce, 1, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH);
    sink.write({row("1")});
    EXPECT_NE(codeOf([&] { sink.commit("p"); }), YIMEN_OK);
    EXPECT_EQ(sink.begin(kItem), "");
}

TEST_F(KafkaSink, TriesAgainWhatPasses) {
    SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, config());
    rd_kafka_mock_push_request_errors(cluster.handle(), kInitProducerId, 2,
                                      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
                                      RD_KAFKA_RESP_ERR_NOT_COORDINATOR);
    sink.begin(kItem);
    rd_kafka_mock_push_request_errors(cluster.handle(), kAddPartitions, 1, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS);
    rd_kafka_mock_push_request_errors(cluster.handle(), kProduce, 2, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                      RD_KAFKA_RESP_ERR__TRANSPORT);
    rd_kafka_mock_push_request_errors(cluster.handle(), kTransactionOffset, 1,
                                      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
    rd_kafka_mock_push_request_errors(cluster.handle(), kEndTransaction, 2, RD_KAFKA_RESP_ERR__TRANSPORT,
                                      RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS);
    sink.write({row("1"), row("2")});
    sink.commit("p");
    EXPECT_EQ(recordsOf(cluster.brokers(), "ZS-1").size(), 2U);
}

TEST_F(KafkaSink, AbortsWhatKafkaDoesNotTake) {
    SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, config());
    sink.begin(kItem);
    rd_kafka_mock_push_request_errors(cluster.handle(), kProduce, 1, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
    sink.write({row("1")});
    std::string words;
    EXPECT_EQ(codeOf([&] { sink.commit("p"); }, words), YIMEN_TOO_LARGE);
    EXPECT_THAT(words, HasSubstr("message.max.bytes"));
    EXPECT_EQ(sink.begin(kItem), "");
    EXPECT_EQ(codeOf([&] { sink.write({row(std::string(2'000'000, 'x'))}); }), YIMEN_TOO_LARGE);
}

TEST_F(KafkaSink, SaysWhichRightIsMissing) {
    SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, config());
    rd_kafka_mock_push_request_errors(cluster.handle(), kInitProducerId, 1,
                                      RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    std::string words;
    EXPECT_EQ(codeOf([&] { sink.begin(kItem); }, words), YIMEN_DENIED);
    EXPECT_THAT(words, HasSubstr("transactional id"));
    sink.begin(kItem);
    rd_kafka_mock_push_request_errors(cluster.handle(), kTransactionOffset, 1,
                                      RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED);
    EXPECT_EQ(codeOf([&] { sink.commit("p"); }, words), YIMEN_DENIED);
    EXPECT_THAT(words, HasSubstr("READ on the group"));
    rd_kafka_mock_topic_set_error(cluster.handle(), "ZS-1", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    EXPECT_EQ(codeOf([&] { sink.begin(kItem); }, words), YIMEN_NOT_FOUND);
}

TEST_F(KafkaSink, RefusesWhatCannotBeKept) {
    SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, config(R"(,"transactions":false)"));
    sink.begin(kItem);
    EXPECT_EQ(codeOf([&] { sink.commit(std::string(4001, 'x')); }), YIMEN_INVALID);
    sink.commit(std::string(4000, 'x'));
    EXPECT_EQ(sink.begin(kItem).size(), 4000U);
    EXPECT_EQ(
        codeOf([&] { sink.begin(R"({"code":"中","table":"t","fields":[{"name":"a","type":"text","key":true}]})"); }),
        YIMEN_INVALID);
    EXPECT_EQ(codeOf([&] { sink.begin(R"({"code":"c","table":"t","fields":[{"name":"a","type":"text"}]})"); }),
              YIMEN_INVALID);
}

TEST_F(KafkaSink, SaysThatNoBrokerAnswersAndEndsWhenCancelled) {
    SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, config(",\"timeout\":2000", "127.0.0.1:1"));
    std::string words;
    EXPECT_EQ(codeOf([&] { sink.begin(kItem); }, words), YIMEN_UNAVAILABLE);
    EXPECT_THAT(words, HasSubstr("check brokers"));
    sink.cancelled = true;
    EXPECT_EQ(codeOf([&] { sink.begin(kItem); }), YIMEN_CANCELLED);
}

TEST_F(KafkaSink, DoesNotKeepAPositionWhoseRecordsDidNotArrive) {
    SinkHost sink(YIMEN_KAFKA_SINK_PLUGIN, config(R"(,"transactions":false)"));
    sink.begin(kItem);
    sink.write({row("1")});
    sink.commit("p");
    rd_kafka_mock_push_request_errors(cluster.handle(), kProduce, 1, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    sink.write({row("2")});
    EXPECT_EQ(codeOf([&] { sink.commit("q"); }), YIMEN_DENIED);
    EXPECT_EQ(sink.begin(kItem), "p");
}

}  // namespace
