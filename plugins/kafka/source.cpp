// Topics of Kafka as a source: README.md.
#include <charconv>

#include "client.h"
#include "message.h"
#include "reader.h"

namespace yimen::kafka {
namespace {

using namespace sdk;

std::int64_t numberOf(const std::string& text, const char* what) {
    std::int64_t out = -1;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || out < 0) {
        throw Failure(YIMEN_INVALID,
                      std::string("位置无法识别 / ") + what + " is no number: read it completely (--full)");
    }
    return out;
}

/// What the hub takes of one item (yimen_plugin.h).
constexpr int kMaxPartitions = 256;

class Kafka : public Source {
public:
    Kafka(Host host, const Config& config)
        : host_(host),
          config_(config),
          form_(std::make_shared<const MessageForm>(config)),
          topic_(config.text("read.topic")) {}

    std::vector<Field> describe() override {
        std::vector<Field> out;
        for (const std::string& name : form_->columns()) out.push_back({name, ""});
        return out;
    }

    std::vector<Partition> partitions(Mode mode) override {
        const auto client = connect();
        const int count = partitionsOf(*client, topicOf(*client, topic_), topic_);
        if (count > kMaxPartitions) {
            throw Failure(YIMEN_INVALID, "分区过多 / " + topic_ + " has " + std::to_string(count) +
                                             " partitions, more than the " + std::to_string(kMaxPartitions) +
                                             " that one item can be read in");
        }
        std::vector<Partition> out;
        for (int number = 0; number < count; ++number) {
            const Span span = spanOf(*client, topic_, number);
            const bool latest = mode == Mode::kIncremental && config_.text("read.start") == "latest";
            out.push_back({std::to_string(number), R"({"from":")" + std::to_string(latest ? span.high : span.low) +
                                                       R"(","to":")" + std::to_string(span.high) + "\"}"});
        }
        return out;
    }

    std::unique_ptr<Reader> open(const Partition& partition, Mode mode, std::string_view position) override {
        const Config bound(partition.bound);
        Stretch stretch;
        stretch.from = numberOf(bound.text("from"), "from");
        stretch.to = numberOf(bound.text("to"), "to");
        const auto number = static_cast<std::int32_t>(numberOf(partition.id, "the partition"));
        if (mode == Mode::kIncremental) stretch.follow = std::chrono::milliseconds(config_.number("read.follow"));
        auto client = connect();
        if (!position.empty()) {
            stretch.from = numberOf(Config(position).text("offset"), "offset");
            checkKept(spanOf(*client, topic_, number), mode, number, stretch);
        }
        return std::make_unique<PartitionReader>(host_, std::move(client), form_, topic_, number, stretch);
    }

private:
    std::unique_ptr<Client> connect() const {
        return std::make_unique<Client>(host_, config_, "source", consumerOptions());
    }

    /// Records that Kafka has dropped meanwhile are lost to an incremental read, and it says so.
    void checkKept(const Span& span, Mode mode, std::int32_t partition, Stretch& stretch) const {
        const std::string where = topic_ + "/" + std::to_string(partition);
        if (stretch.from > span.high) {
            throw Failure(YIMEN_INVALID, "主题已重建 / " + where + " ends at " + std::to_string(span.high) + ", but " +
                                             std::to_string(stretch.from) +
                                             " was read already: the topic was made anew; read it completely (--full)");
        }
        if (stretch.from >= span.low) return;
        if (mode == Mode::kFull) {
            stretch.from = span.low;
            return;
        }
        throw Failure(YIMEN_INVALID, "有消息已被 Kafka 清除 / " + where + " begins at " + std::to_string(span.low) +
                                         ", but " + std::to_string(stretch.from) +
                                         " was next: Kafka has dropped records that were not read (retention); read it "
                                         "completely (--full) and read more often, or keep records longer");
    }

    Host host_;
    Config config_;
    std::shared_ptr<const MessageForm> form_;
    std::string topic_;
};

constexpr const char* kSchema = R"({"type": "object", "required": ["source", "read"], "properties": {
  "source": {"type": "object", "required": ["brokers"], "properties": {)" YIMEN_KAFKA_CONNECTION_SCHEMA R"(}},
  "read": {"type": "object", "required": ["topic", "columns"], "properties": {
    "topic": {"type": "string", "minLength": 1},
    "columns": {"type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": 4000,
      "description": "members of the JSON value; a.b for nested ones; $key $timestamp $partition $offset"},
    "key": {"type": "array", "items": {"type": "string", "minLength": 1}, "maxItems": 64,
      "description": "columns that the message's key holds: for deletions"},
    "start": {"type": "string", "enum": ["earliest", "latest"], "default": "earliest"},
    "follow": {"type": "duration", "minimum": 0, "maximum": 3600000, "default": 0}}}}})";

}  // namespace
}  // namespace yimen::kafka

YIMEN_SOURCE_PLUGIN(yimen::kafka::Kafka, "kafka", "1.0.0", true, yimen::kafka::kSchema)
