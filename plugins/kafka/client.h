#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>
#include <yimen/plugin.hpp>

namespace yimen::kafka {

/// What kind of failure an error of Kafka is.
YimenCode codeOf(rd_kafka_resp_err_t error) noexcept;
/// Throws the error with what to do about it; `what` says what was being done, `detail` are librdkafka's own words.
[[noreturn]] void failWith(rd_kafka_resp_err_t error, const std::string& what, const std::string& detail = {});

/// How long a call waits before it looks whether it is cancelled, in milliseconds.
inline constexpr int kSliceMs = 1000;

/// One handle of librdkafka with its connection settings, and what it reports in the background. One thread.
class Client {
public:
    /// What it is made for.
    struct Options {
        rd_kafka_type_t type = RD_KAFKA_CONSUMER;
        std::vector<std::pair<std::string, std::string>> settings;  ///< librdkafka's own
        void (*extra)(rd_kafka_conf_t*) = nullptr;                  ///< sets what only a function can set
    };

    /// `section` is where the configuration holds the connection ("source", "sink").
    Client(const sdk::Host& host, const sdk::Config& config, const std::string& section, const Options& options);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    rd_kafka_t* handle() const noexcept { return handle_.get(); }
    std::chrono::milliseconds timeout() const noexcept { return timeout_; }
    /// Takes in what was reported and throws what a person has to mend: a refused password, a certificate.
    void serve(int waitMs = 0);
    /// Throws that the time limit has passed, with the last that was reported.
    [[noreturn]] void timedOut(const std::string& what) const;
    /// Calls `step(ms)` until it answers something else than "timed out", the limit passes or the hub cancels.
    rd_kafka_resp_err_t repeat(const std::string& what, const std::function<rd_kafka_resp_err_t(int)>& step);

private:
    struct Destroy {
        void operator()(rd_kafka_t* handle) const noexcept { rd_kafka_destroy(handle); }
    };
    static void onError(rd_kafka_t* handle, int error, const char* reason, void* self);
    static void onLog(const rd_kafka_t* handle, int level, const char* facility, const char* line);

    sdk::Host host_;
    std::chrono::milliseconds timeout_;
    rd_kafka_resp_err_t lastError_ = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::string lastWords_;
    std::unique_ptr<rd_kafka_t, Destroy> handle_;
};

/// A topic of a client, which outlives it.
struct DestroyTopic {
    void operator()(rd_kafka_topic_t* topic) const noexcept { rd_kafka_topic_destroy(topic); }
};
using Topic = std::unique_ptr<rd_kafka_topic_t, DestroyTopic>;
/// A topic by its name.
Topic topicOf(const Client& client, const std::string& name);
/// How many partitions the topic has; throws when there is none, or it may not be seen.
int partitionsOf(Client& client, const Topic& topic, const std::string& name);

/// The part of the configuration's schema that says where Kafka is and who we are.
#define YIMEN_KAFKA_CONNECTION_SCHEMA                                                                                \
    R"("brokers": {"type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": 64,)"                   \
    R"("description": "host:port of some of the brokers"},)"                                                         \
    R"("tls": {"type": "string", "enum": ["off", "require", "verify"], "default": "verify"},)"                       \
    R"("ca_file": {"type": "string", "description": "PEM; left out: the system's own authorities"},)"                \
    R"("certificate_file": {"type": "string", "description": "our certificate, where brokers ask for one"},)"        \
    R"("key_file": {"type": "string"},)"                                                                             \
    R"("key_password": {"type": "string", "secret": true},)"                                                         \
    R"("sasl": {"type": "string", "enum": ["none", "plain", "scram-sha-256", "scram-sha-512"], "default": "none"},)" \
    R"("user": {"type": "string"},)"                                                                                 \
    R"("password": {"type": "string", "secret": true},)"                                                             \
    R"("timeout": {"type": "duration", "minimum": 1000, "maximum": 3600000, "default": 30000})"

}  // namespace yimen::kafka
