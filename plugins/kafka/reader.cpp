#include "reader.h"

#include <array>
#include <utility>

namespace yimen::kafka {

namespace {

using sdk::Batch;
using std::chrono::steady_clock;

constexpr std::size_t kAtOnce = 500;
/// Refused messages of one read(): the hub keeps each as a dead letter.
constexpr std::size_t kMostRefused = 1000;
constexpr int kWaitMs = 200;
/// With rows in the batch already, how long more may take.
constexpr int kLingerMs = 20;

}  // namespace

Client::Options consumerOptions() {
    return {RD_KAFKA_CONSUMER,
            {{"isolation.level", "read_committed"},
             {"enable.partition.eof", "true"},
             {"enable.auto.commit", "false"},
             {"auto.offset.reset", "error"},
             {"allow.auto.create.topics", "false"},
             {"queued.max.messages.kbytes", "16384"},
             {"fetch.message.max.bytes", "4194304"},
             {"fetch.wait.max.ms", "100"}},
            nullptr};
}

Span spanOf(Client& client, const std::string& topic, std::int32_t partition) {
    Span out;
    const std::string what = "topic " + topic + " partition " + std::to_string(partition);
    const rd_kafka_resp_err_t error = client.repeat(what, [&](int wait) {
        return rd_kafka_query_watermark_offsets(client.handle(), topic.c_str(), partition, &out.low, &out.high, wait);
    });
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) failWith(error, what);
    return out;
}

PartitionReader::PartitionReader(const sdk::Host& host, std::unique_ptr<Client> client,
                                 std::shared_ptr<const MessageForm> form, const std::string& topic,
                                 std::int32_t partition, const Stretch& stretch)
    : host_(host),
      client_(std::move(client)),
      form_(std::move(form)),
      topic_(topicOf(*client_, topic)),
      partition_(partition),
      stretch_(stretch),
      next_(stretch.from),
      began_(steady_clock::now()),
      heard_(began_) {
    if (rd_kafka_consume_start(topic_.get(), partition_, next_) != 0) {
        failWith(rd_kafka_last_error(), "topic " + topic);
    }
}

PartitionReader::~PartitionReader() {
    waiting_.clear();
    rd_kafka_consume_stop(topic_.get(), partition_);
}

bool PartitionReader::isOver() const noexcept {
    return follows() ? steady_clock::now() - began_ >= stretch_.follow : next_ >= stretch_.to;
}

bool PartitionReader::read(Batch& into, std::string& position) {
    const std::int64_t before = next_;
    bool over = isOver();
    while (!over && !into.full() && into.refused() < kMostRefused) {
        if (waiting_.empty() && !fetch(next_ == before ? kWaitMs : kLingerMs)) break;
        if (!waiting_.empty()) {
            const Message message = std::move(waiting_.front());
            waiting_.pop_front();
            take(*message, into);
        }
        over = isOver();
    }
    // Also without a row: whoever began behind the last message must not begin behind a later one the next time.
    if (over || next_ != before) position = "{\"offset\":\"" + std::to_string(next_) + "\"}";
    return over;
}

bool PartitionReader::fetch(int waitMs) {
    client_->serve();
    std::array<rd_kafka_message_t*, kAtOnce> found{};
    // The first one is waited for, the others are taken as far as they are there.
    for (const auto& [room, wait] : {std::pair<std::size_t, int>{1, waitMs}, {kAtOnce, 0}}) {
        const ssize_t count = rd_kafka_consume_batch(topic_.get(), partition_, wait, found.data(), room);
        if (count < 0) failWith(rd_kafka_last_error(), rd_kafka_topic_name(topic_.get()));
        for (ssize_t i = 0; i < count; ++i) waiting_.emplace_back(found[static_cast<std::size_t>(i)]);
        if (count == 0) break;
    }
    if (!waiting_.empty()) {
        heard_ = steady_clock::now();
        return true;
    }
    const bool quiet = follows() && atEnd_;
    if (!quiet && steady_clock::now() - heard_ >= client_->timeout()) {
        client_->timedOut("topic " + std::string(rd_kafka_topic_name(topic_.get())));
    }
    return false;
}

void PartitionReader::take(const rd_kafka_message_t& message, Batch& into) {
    atEnd_ = message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    if (atEnd_) {
        // Marks of transactions have offsets too, and no message: only the end shows that they are behind us.
        next_ = std::max(next_, message.offset);
        return;
    }
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        const char* words = rd_kafka_message_errstr(&message);
        if (message.err == RD_KAFKA_RESP_ERR__TRANSPORT) return;  // librdkafka connects again by itself
        failWith(message.err, "topic " + std::string(rd_kafka_topic_name(message.rkt)), words == nullptr ? "" : words);
    }
    if (!follows() && message.offset >= stretch_.to) {
        next_ = stretch_.to;
        return;
    }
    form_->add(message, into);
    next_ = message.offset + 1;
}

}  // namespace yimen::kafka
