#include "client.h"

#include <unistd.h>

#include <array>
#include <utility>

namespace yimen::kafka {

namespace {

using sdk::Config;
using sdk::Failure;

struct Advice {
    rd_kafka_resp_err_t error;
    YimenCode code;
    const char* words;
};

/// What a person can do something about. The rest is worth another try later.
constexpr std::array kAdvice{
    Advice{RD_KAFKA_RESP_ERR__AUTHENTICATION, YIMEN_UNAUTHENTICATED,
           "Kafka 不接受此账号 / Kafka does not accept the account: check user, password, sasl (plain, scram-sha-256, "
           "scram-sha-512)"},
    Advice{RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, YIMEN_UNAUTHENTICATED,
           "Kafka 不接受此账号 / Kafka does not accept the account: check user, password and sasl"},
    Advice{RD_KAFKA_RESP_ERR__SSL, YIMEN_UNAUTHENTICATED,
           "TLS 连接失败 / the TLS connection failed: check tls, ca_file, and that this port speaks TLS"},
    Advice{RD_KAFKA_RESP_ERR__RESOLVE, YIMEN_UNAVAILABLE,
           "主机名无法解析 / the name of a broker is not known here: check brokers"},
    Advice{RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, YIMEN_NOT_FOUND,
           "没有此主题 / there is no such topic, or the account may not see it: check topic, or create it"},
    Advice{RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, YIMEN_NOT_FOUND,
           "没有此主题 / there is no such topic, or the account may not see it: check topic, or create it"},
    Advice{RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, YIMEN_NOT_FOUND,
           "没有此分区 / there is no such partition any more: the topic was made anew, read it completely (--full)"},
    Advice{
        RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, YIMEN_INVALID,
        "有消息已被 Kafka 清除 / Kafka has dropped records that were not read (retention), or the topic was made anew: "
        "read it completely (--full)"},
    Advice{RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, YIMEN_DENIED,
           "无权访问主题 / the account may not use this topic: it needs READ (source) or WRITE (sink) on it"},
    Advice{RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, YIMEN_DENIED,
           "无权使用消费组 / the account needs READ on the group that holds the position (named like the "
           "transactional id)"},
    Advice{RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, YIMEN_DENIED,
           "无权使用事务 / the account needs WRITE and DESCRIBE on the transactional id"},
    Advice{RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, YIMEN_DENIED,
           "无权写入 / the account needs IDEMPOTENT_WRITE on the cluster"},
    Advice{RD_KAFKA_RESP_ERR__FENCED, YIMEN_CONFLICT,
           "另一节点已接管 / another hub has taken this item over: nothing of this batch was written"},
    Advice{RD_KAFKA_RESP_ERR_PRODUCER_FENCED, YIMEN_CONFLICT,
           "另一节点已接管 / another hub has taken this item over: nothing of this batch was written"},
    Advice{RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, YIMEN_CONFLICT,
           "另一节点已接管 / another hub has taken this item over: nothing of this batch was written"},
    Advice{RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, YIMEN_TOO_LARGE,
           "消息过大 / a record is larger than Kafka takes: raise message.max.bytes of the topic and max_record here"},
    Advice{RD_KAFKA_RESP_ERR__TIMED_OUT, YIMEN_TIMEOUT, "超时 / no answer in time"},
    Advice{RD_KAFKA_RESP_ERR__TRANSPORT, YIMEN_UNAVAILABLE,
           "连接不上 / no broker can be reached: check brokers, and that tls fits the port"},
    Advice{RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, YIMEN_UNAVAILABLE,
           "连接不上 / no broker can be reached: check brokers, and that tls fits the port"},
    Advice{RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, YIMEN_INVALID,
           "此 Kafka 不支持 / these brokers are too old for it: a sink may say transactions: false"},
};

const Advice* adviceOf(rd_kafka_resp_err_t error) noexcept {
    for (const Advice& one : kAdvice) {
        if (one.error == error) return &one;
    }
    return nullptr;
}

bool needsPerson(rd_kafka_resp_err_t error) noexcept {
    const Advice* advice = adviceOf(error);
    return advice != nullptr && advice->code == YIMEN_UNAUTHENTICATED;
}

/// Settings on their way to a handle. A value is never part of an error: it may be a password.
class Settings {
public:
    Settings() : conf_(rd_kafka_conf_new(), rd_kafka_conf_destroy) {}

    void set(const char* name, const std::string& value) {
        std::array<char, 256> ignored{};
        if (rd_kafka_conf_set(get(), name, value.c_str(), ignored.data(), ignored.size()) != RD_KAFKA_CONF_OK) {
            throw Failure(YIMEN_INVALID, "librdkafka 不接受设置 / librdkafka does not take the setting for " +
                                             std::string(name) + ": check the file names and values of the connection");
        }
    }
    rd_kafka_conf_t* get() const noexcept { return conf_.get(); }
    void release() noexcept { (void)conf_.release(); }

private:
    std::unique_ptr<rd_kafka_conf_t, void (*)(rd_kafka_conf_t*)> conf_;
};

void setTls(Settings& settings, const sdk::Host& host, const Config& config, const std::string& section) {
    const auto file = [&](const char* key, const char* name) {
        const std::string path = config.text(section + key);
        if (path.empty()) return;
        if (::access(path.c_str(), R_OK) != 0) {
            throw Failure(YIMEN_INVALID, "文件不可读 / " + section + key + ": cannot read " + path);
        }
        settings.set(name, path);
    };
    file(".ca_file", "ssl.ca.location");
    file(".certificate_file", "ssl.certificate.location");
    file(".key_file", "ssl.key.location");
    const std::string keyPassword(host.secret(section + ".key_password"));
    if (!keyPassword.empty()) settings.set("ssl.key.password", keyPassword);
    const bool verify = config.text(section + ".tls") == "verify";
    settings.set("enable.ssl.certificate.verification", verify ? "true" : "false");
    settings.set("ssl.endpoint.identification.algorithm", verify ? "https" : "none");
}

void setSasl(Settings& settings, const sdk::Host& host, const Config& config, const std::string& section) {
    static const std::map<std::string, const char*> kMechanisms{
        {"plain", "PLAIN"}, {"scram-sha-256", "SCRAM-SHA-256"}, {"scram-sha-512", "SCRAM-SHA-512"}};
    const std::string user = config.text(section + ".user");
    const std::string password(host.secret(section + ".password"));
    if (user.empty() || password.empty()) {
        throw Failure(YIMEN_INVALID, "sasl 需要 user 与 password / sasl needs " + section + ".user and " + section +
                                         ".password (a reference like vault:SYSTEM/FIELD)");
    }
    settings.set("sasl.mechanism", kMechanisms.at(config.text(section + ".sasl")));
    settings.set("sasl.username", user);
    settings.set("sasl.password", password);
}

void setConnection(Settings& settings, const sdk::Host& host, const Config& config, const std::string& section) {
    std::string brokers;
    for (const std::string& one : config.list(section + ".brokers")) brokers += (brokers.empty() ? "" : ",") + one;
    if (brokers.empty()) {
        throw Failure(YIMEN_INVALID, "须写 brokers / " + section + ".brokers is missing: [\"host:9092\", ...]");
    }
    const bool tls = config.text(section + ".tls", "verify") != "off";
    const bool sasl = config.text(section + ".sasl", "none") != "none";
    settings.set("bootstrap.servers", brokers);
    settings.set("client.id", "yimen");
    settings.set("security.protocol", sasl ? (tls ? "sasl_ssl" : "sasl_plaintext") : (tls ? "ssl" : "plaintext"));
    if (tls) setTls(settings, host, config, section);
    if (sasl) setSasl(settings, host, config, section);
}

}  // namespace

YimenCode codeOf(rd_kafka_resp_err_t error) noexcept {
    const Advice* advice = adviceOf(error);
    return advice == nullptr ? YIMEN_UNAVAILABLE : advice->code;
}

void failWith(rd_kafka_resp_err_t error, const std::string& what, const std::string& detail) {
    const Advice* advice = adviceOf(error);
    std::string words = what + ": " + (advice == nullptr ? rd_kafka_err2str(error) : advice->words);
    if (!detail.empty()) words += " (" + detail + ")";
    throw Failure(codeOf(error), words);
}

Client::Client(const sdk::Host& host, const Config& config, const std::string& section, const Options& options)
    : host_(host), timeout_(config.number(section + ".timeout", 30'000)) {
    Settings settings;
    setConnection(settings, host, config, section);
    for (const auto& [name, value] : options.settings) settings.set(name.c_str(), value);
    if (options.extra != nullptr) options.extra(settings.get());
    rd_kafka_conf_set_opaque(settings.get(), this);
    rd_kafka_conf_set_error_cb(settings.get(), onError);
    rd_kafka_conf_set_log_cb(settings.get(), onLog);
    std::array<char, 512> words{};
    handle_.reset(rd_kafka_new(options.type, settings.get(), words.data(), words.size()));
    if (!handle_) {
        throw Failure(YIMEN_INVALID, "Kafka 连接设置无效 / the settings of the connection are not accepted: " +
                                         std::string(words.data()));
    }
    settings.release();
}

Client::~Client() = default;

void Client::onError(rd_kafka_t* /*handle*/, int error, const char* reason, void* self) {
    auto* client = static_cast<Client*>(self);
    const auto code = static_cast<rd_kafka_resp_err_t>(error);
    // "All brokers are down" follows the reason of each; the reason is what helps.
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !client->lastWords_.empty()) return;
    if (needsPerson(client->lastError_)) return;
    client->lastError_ = code;
    client->lastWords_ = reason;
}

void Client::onLog(const rd_kafka_t* handle, int /*level*/, const char* facility, const char* line) {
    const auto* client = static_cast<const Client*>(rd_kafka_opaque(handle));
    client->host_.log(YIMEN_LOG_DEBUG, std::string(facility) + ": " + line);
}

void Client::serve(int waitMs) {
    rd_kafka_poll(handle(), waitMs);
    host_.throwIfCancelled();
    if (needsPerson(lastError_)) failWith(lastError_, "Kafka", lastWords_);
}

void Client::timedOut(const std::string& what) const {
    const auto seconds = std::to_string(timeout_.count() / 1000);
    if (lastError_ != RD_KAFKA_RESP_ERR_NO_ERROR) failWith(lastError_, what, lastWords_ + "; " + seconds + " s");
    failWith(RD_KAFKA_RESP_ERR__TIMED_OUT, what, seconds + " s");
}

rd_kafka_resp_err_t Client::repeat(const std::string& what, const std::function<rd_kafka_resp_err_t(int)>& step) {
    const auto until = std::chrono::steady_clock::now() + timeout_;
    for (;;) {
        serve();
        const rd_kafka_resp_err_t error = step(kSliceMs);
        const bool again = error == RD_KAFKA_RESP_ERR__TIMED_OUT || error == RD_KAFKA_RESP_ERR__TRANSPORT ||
                           error == RD_KAFKA_RESP_ERR__WAIT_COORD;
        if (!again) return error;
        if (std::chrono::steady_clock::now() >= until) {
            serve();
            timedOut(what);
        }
        // A refused connection answers at once: not a thousand tries a second.
        if (error != RD_KAFKA_RESP_ERR__TIMED_OUT) serve(kSliceMs / 10);
    }
}

Topic topicOf(const Client& client, const std::string& name) {
    Topic out(rd_kafka_topic_new(client.handle(), name.c_str(), nullptr));
    if (!out) throw Failure(YIMEN_INVALID, "主题名无效 / '" + name + "' is no name of a topic");
    return out;
}

int partitionsOf(Client& client, const Topic& topic, const std::string& name) {
    const struct rd_kafka_metadata* found = nullptr;
    const std::string what = "topic " + name;
    const rd_kafka_resp_err_t error =
        client.repeat(what, [&](int wait) { return rd_kafka_metadata(client.handle(), 0, topic.get(), &found, wait); });
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) failWith(error, what);
    using Metadata = const struct rd_kafka_metadata;
    const std::unique_ptr<Metadata, void (*)(Metadata*)> metadata(found, rd_kafka_metadata_destroy);
    if (metadata->topic_cnt != 1) failWith(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, what);
    const rd_kafka_metadata_topic& one = metadata->topics[0];
    if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR) failWith(one.err, what);
    if (one.partition_cnt == 0) failWith(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, what);
    return one.partition_cnt;
}

}  // namespace yimen::kafka
