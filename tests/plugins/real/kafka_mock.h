#pragma once

// librdkafka's own mock broker (rdkafka_mock.h), inside this process, for the tests of the kafka plugins. It is no
// Kafka: its log knows no marks of transactions, so what was aborted stays visible; it drops the offsets that belong to
// a transaction; a second producer of the same transactional id does not fence the first; it asks for no password.
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace yimen::test {

/// A producer of test records; also what the mock broker lives on.
class Producer {
public:
    explicit Producer(const std::string& brokers) {
        std::array<char, 512> words{};
        rd_kafka_conf_t* conf = rd_kafka_conf_new();
        rd_kafka_conf_set(conf, "bootstrap.servers", brokers.c_str(), words.data(), words.size());
        rd_kafka_conf_set(conf, "linger.ms", "0", words.data(), words.size());
        rd_kafka_conf_set_log_cb(conf, nullptr);
        handle.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, words.data(), words.size()));
        if (!handle) throw std::runtime_error(words.data());
    }
    /// One record; nothing for `value` is a tombstone. Waits until it is there.
    void send(const std::string& topic, int partition, const std::optional<std::string>& key,
              const std::optional<std::string>& value) {
        rd_kafka_topic_t* one = rd_kafka_topic_new(handle.get(), topic.c_str(), nullptr);
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): librdkafka copies it
        auto* bytes = value ? const_cast<char*>(value->data()) : nullptr;
        const int failed = rd_kafka_produce(one, partition, RD_KAFKA_MSG_F_COPY, bytes, value ? value->size() : 0,
                                            key ? key->data() : nullptr, key ? key->size() : 0, nullptr);
        ASSERT_EQ(failed, 0) << rd_kafka_err2str(rd_kafka_last_error());
        rd_kafka_topic_destroy(one);
        ASSERT_EQ(rd_kafka_flush(handle.get(), 20'000), RD_KAFKA_RESP_ERR_NO_ERROR);
    }

    struct Destroy {
        void operator()(rd_kafka_t* one) const noexcept { rd_kafka_destroy(one); }
    };
    std::unique_ptr<rd_kafka_t, Destroy> handle;
};

class MockCluster {
public:
    MockCluster() : owner_("127.0.0.1:1"), cluster_(rd_kafka_mock_cluster_new(owner_.handle.get(), 1)) {}
    MockCluster(const MockCluster&) = delete;
    MockCluster& operator=(const MockCluster&) = delete;
    ~MockCluster() { rd_kafka_mock_cluster_destroy(cluster_); }

    std::string brokers() const { return rd_kafka_mock_cluster_bootstraps(cluster_); }
    void topic(const std::string& name, int partitions) {
        ASSERT_EQ(rd_kafka_mock_topic_create(cluster_, name.c_str(), partitions, 1), RD_KAFKA_RESP_ERR_NO_ERROR);
    }
    rd_kafka_mock_cluster_t* handle() const noexcept { return cluster_; }

private:
    Producer owner_;
    rd_kafka_mock_cluster_t* cluster_;
};

}  // namespace yimen::test
