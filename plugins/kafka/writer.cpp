#include "writer.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace yimen::kafka {

namespace {

using sdk::Config;
using sdk::Failure;
using std::chrono::steady_clock;

constexpr std::int64_t kMinTransactionMs = 60'000;
/// Brokers take no more (transaction.max.timeout.ms).
constexpr std::int64_t kMaxTransactionMs = 900'000;
constexpr int kAbortMs = 5000;
constexpr int kPauseMs = 100;

using Error = std::unique_ptr<rd_kafka_error_t, void (*)(rd_kafka_error_t*)>;

Client::Options producerOptions(const Config& config, const WriterNames& names, void (*onDelivery)(rd_kafka_conf_t*)) {
    const std::int64_t timeout = config.number("sink.timeout", 30'000);
    Client::Options out{RD_KAFKA_PRODUCER,
                        {{"enable.idempotence", "true"},
                         {"acks", "all"},
                         // As Java's clients spread keys, so that one key is in one partition whoever writes it.
                         {"partitioner", "murmur2_random"},
                         {"linger.ms", "5"},
                         {"queue.buffering.max.kbytes", "65536"},
                         {"compression.codec", config.text("sink.compression", "lz4")},
                         {"message.max.bytes", std::to_string(config.number("sink.max_record", 1'000'000))},
                         {"message.timeout.ms", std::to_string(std::min(timeout, kMaxTransactionMs))}},
                        onDelivery};
    if (names.transactions) {
        out.settings.emplace_back("transactional.id", names.writer);
        out.settings.emplace_back("transaction.timeout.ms",
                                  std::to_string(std::clamp(timeout, kMinTransactionMs, kMaxTransactionMs)));
    }
    return out;
}

rd_kafka_vu_t part(rd_kafka_vtype_t type) {
    rd_kafka_vu_t out{};
    out.vtype = type;
    return out;
}

rd_kafka_vu_t header(const char* name, std::string_view value) {
    rd_kafka_vu_t out = part(RD_KAFKA_VTYPE_HEADER);
    out.u.header.name = name;
    out.u.header.val = value.data();
    out.u.header.size = static_cast<ssize_t>(value.size());
    return out;
}

/// librdkafka takes what it only reads as void*.
void* asBytes(const std::string& text) {
    return const_cast<char*>(text.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

}  // namespace

TopicWriter::TopicWriter(const sdk::Host& host, const Config& config, RecordForm form, WriterNames names)
    : host_(host), form_(std::move(form)), names_(std::move(names)) {
    producer_ = std::make_unique<Client>(
        host, config, "sink",
        producerOptions(config, names_, [](rd_kafka_conf_t* conf) { rd_kafka_conf_set_dr_msg_cb(conf, onDelivery); }));
    (void)partitionsOf(*producer_, topicOf(*producer_, names_.topic), names_.topic);
    if (names_.transactions) {
        carryOut("init transactions",
                 [this](int wait) { return rd_kafka_init_transactions(producer_->handle(), wait); });
    }
    keeper_ = std::make_unique<Client>(
        host, config, "sink",
        Client::Options{
            RD_KAFKA_CONSUMER,
            {{"group.id", names_.writer}, {"isolation.level", "read_committed"}, {"enable.auto.commit", "false"}},
            nullptr});
    readPosition();
}

TopicWriter::~TopicWriter() {
    if (open_ && !broken_) {
        const Error ignored(rd_kafka_abort_transaction(producer_->handle(), kAbortMs), rd_kafka_error_destroy);
    }
    // What is not committed is gone; nothing of it may leave any more.
    rd_kafka_purge(producer_->handle(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_poll(producer_->handle(), 0);
}

TopicWriter::Offsets TopicWriter::offsets() const {
    Offsets out(rd_kafka_topic_partition_list_new(1), rd_kafka_topic_partition_list_destroy);
    rd_kafka_topic_partition_list_add(out.get(), names_.topic.c_str(), 0);
    return out;
}

void TopicWriter::readPosition() {
    const Offsets kept = offsets();
    const rd_kafka_resp_err_t error =
        keeper_->repeat("position", [&](int wait) { return rd_kafka_committed(keeper_->handle(), kept.get(), wait); });
    const rd_kafka_topic_partition_t& one = kept->elems[0];
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) failWith(error, "position of " + names_.writer);
    if (one.err != RD_KAFKA_RESP_ERR_NO_ERROR) failWith(one.err, "position of " + names_.writer);
    if (one.offset < 0 || one.metadata == nullptr) return;
    sequence_ = one.offset;
    position_.assign(static_cast<const char*>(one.metadata), one.metadata_size);
}

void TopicWriter::mustWork() const {
    if (broken_) throw Failure(YIMEN_UNAVAILABLE, "写入已中断 / this writing has failed: begin another one");
}

void TopicWriter::carryOut(const char* what, const std::function<rd_kafka_error_t*(int)>& step) {
    const auto until = steady_clock::now() + producer_->timeout();
    const bool was = std::exchange(broken_, true);  // also when serve() throws
    for (;;) {
        producer_->serve();
        const Error error(step(kSliceMs), rd_kafka_error_destroy);
        if (!error) break;
        if (rd_kafka_error_is_retriable(error.get()) != 0 && steady_clock::now() < until) {
            producer_->serve(kPauseMs);
            continue;
        }
        rd_kafka_resp_err_t code = rd_kafka_error_code(error.get());
        std::array<char, 256> words{};
        if (code == RD_KAFKA_RESP_ERR__FATAL)
            code = rd_kafka_fatal_error(producer_->handle(), words.data(), words.size());
        if (rd_kafka_error_txn_requires_abort(error.get()) != 0) {
            const Error ignored(rd_kafka_abort_transaction(producer_->handle(), kAbortMs), rd_kafka_error_destroy);
            open_ = false;
        }
        if (rd_kafka_error_is_retriable(error.get()) != 0) producer_->timedOut(what);
        const bool taken = codeOf(code) == YIMEN_CONFLICT;
        failWith(refused_ == RD_KAFKA_RESP_ERR_NO_ERROR || taken ? code : refused_, what,
                 rd_kafka_error_string(error.get()));
    }
    broken_ = was;
}

void TopicWriter::beginTransaction() {
    if (!names_.transactions || open_) return;
    carryOut("begin transaction", [this](int) { return rd_kafka_begin_transaction(producer_->handle()); });
    open_ = true;
}

void TopicWriter::write(const sdk::Rows& rows) {
    mustWork();
    beginTransaction();
    broken_ = true;
    for (std::size_t row = 0; row < rows.rows(); ++row) produce(rows, row);
    broken_ = false;
}

void TopicWriter::produce(const sdk::Rows& rows, std::size_t row) {
    const bool gone = rows.isDelete(row);
    const std::string key = form_.key(rows, row);
    const std::string value = gone ? std::string() : form_.value(rows, row);
    const std::string id = form_.code() + "/" + std::to_string(rows.origin(row)) + "/" + key;
    std::array<rd_kafka_vu_t, 9> parts{part(RD_KAFKA_VTYPE_TOPIC),
                                       part(RD_KAFKA_VTYPE_KEY),
                                       part(RD_KAFKA_VTYPE_VALUE),
                                       part(RD_KAFKA_VTYPE_MSGFLAGS),
                                       part(RD_KAFKA_VTYPE_OPAQUE),
                                       header("yimen.item", form_.code()),
                                       header("yimen.run", form_.run()),
                                       header("yimen.op", gone ? "delete" : "upsert"),
                                       header("yimen.id", id)};
    parts[0].u.cstr = names_.topic.c_str();
    parts[1].u.mem = {asBytes(key), key.size()};
    parts[2].u.mem = {gone ? nullptr : asBytes(value), value.size()};
    parts[3].u.i = RD_KAFKA_MSG_F_COPY;
    parts[4].u.ptr = this;
    const auto until = steady_clock::now() + producer_->timeout();
    for (;;) {
        const Error error(rd_kafka_produceva(producer_->handle(), parts.data(), parts.size()), rd_kafka_error_destroy);
        if (!error) break;
        const rd_kafka_resp_err_t code = rd_kafka_error_code(error.get());
        if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) failWith(code, "record " + id, rd_kafka_error_string(error.get()));
        if (steady_clock::now() >= until) producer_->timedOut("record " + id);
        producer_->serve(kPauseMs);
    }
}

void TopicWriter::onDelivery(rd_kafka_t* /*handle*/, const rd_kafka_message_t* message, void* /*client*/) {
    auto* self = static_cast<TopicWriter*>(message->_private);
    if (self != nullptr && message->err != RD_KAFKA_RESP_ERR_NO_ERROR) self->refused_ = message->err;
}

void TopicWriter::commit(std::string_view position) {
    mustWork();
    if (position.size() > kMaxPosition) {
        throw Failure(YIMEN_INVALID, "位置过长 / the position has " + std::to_string(position.size()) +
                                         " bytes; Kafka keeps at most " + std::to_string(kMaxPosition));
    }
    const Offsets kept = offsets();
    rd_kafka_topic_partition_t& one = kept->elems[0];
    one.offset = sequence_ + 1;
    one.metadata_size = position.size();
    one.metadata = std::malloc(position.size() + 1);  // NOLINT: the list frees it
    if (one.metadata == nullptr) throw Failure(YIMEN_UNAVAILABLE, "内存不足 / no memory");
    std::memcpy(one.metadata, position.data(), position.size());
    static_cast<char*>(one.metadata)[position.size()] = '\0';
    if (names_.transactions) {
        commitTransaction(kept);
    } else {
        commitPlain(kept);
    }
    ++sequence_;
    position_ = position;
}

void TopicWriter::commitTransaction(const Offsets& offsets) {
    beginTransaction();
    const std::unique_ptr<rd_kafka_consumer_group_metadata_t, void (*)(rd_kafka_consumer_group_metadata_t*)> group(
        rd_kafka_consumer_group_metadata_new(names_.writer.c_str()), rd_kafka_consumer_group_metadata_destroy);
    carryOut("send offsets", [&](int wait) {
        return rd_kafka_send_offsets_to_transaction(producer_->handle(), offsets.get(), group.get(), wait);
    });
    carryOut("commit", [this](int wait) { return rd_kafka_commit_transaction(producer_->handle(), wait); });
    open_ = false;
}

void TopicWriter::waitForDelivery() {
    const rd_kafka_resp_err_t error =
        producer_->repeat("delivery", [this](int wait) { return rd_kafka_flush(producer_->handle(), wait); });
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) failWith(error, "delivery");
    if (refused_ != RD_KAFKA_RESP_ERR_NO_ERROR) failWith(refused_, "delivery");
}

void TopicWriter::commitPlain(const Offsets& offsets) {
    broken_ = true;
    waitForDelivery();
    const rd_kafka_resp_err_t error =
        keeper_->repeat("position", [&](int) { return rd_kafka_commit(keeper_->handle(), offsets.get(), 0); });
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) failWith(error, "position of " + names_.writer);
    broken_ = false;
}

}  // namespace yimen::kafka
