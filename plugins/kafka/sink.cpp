// Topics of Kafka as a sink: README.md.
#include "client.h"
#include "record.h"
#include "writer.h"

namespace yimen::kafka {
namespace {

using namespace sdk;

class KafkaSink : public Sink {
public:
    KafkaSink(Host host, const Config& config) : host_(host), config_(config) {}

    std::unique_ptr<Writer> begin(std::string_view item, std::string& position) override {
        RecordForm form(item);
        WriterNames names{topicName(config_.text("sink.topic", "{code}"), form),
                          config_.text("sink.name", "yimen") + "." + form.code(),
                          config_.flag("sink.transactions", true)};
        auto writer = std::make_unique<TopicWriter>(host_, config_, std::move(form), std::move(names));
        position = writer->position();
        return writer;
    }

private:
    Host host_;
    Config config_;
};

constexpr const char* kSchema = R"({"type": "object", "required": ["sink"], "properties": {
  "sink": {"type": "object", "required": ["brokers"], "properties": {)" YIMEN_KAFKA_CONNECTION_SCHEMA R"(,
    "topic": {"type": "string", "minLength": 1, "default": "{code}", "description": "with {code} or {table}"},
    "name": {"type": "string", "minLength": 1, "maxLength": 100, "default": "yimen",
      "description": "of this hub among those that use the cluster: NAME.CODE is the transactional id and the group"},
    "transactions": {"type": "boolean", "default": true},
    "compression": {"type": "string", "enum": ["none", "gzip", "snappy", "lz4", "zstd"], "default": "lz4"},
    "max_record": {"type": "integer", "minimum": 1000, "maximum": 67108864, "default": 1000000}}}}})";

}  // namespace
}  // namespace yimen::kafka

YIMEN_SINK_PLUGIN(yimen::kafka::KafkaSink, "kafka-sink", "1.0.0", true, yimen::kafka::kSchema)
