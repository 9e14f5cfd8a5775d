// The source "@NAME@": squares, to be replaced by rows of your own. What each call means: include/yimen_plugin.h.
#include <yimen/plugin.hpp>

namespace {

using namespace yimen::sdk;

/// One read: rows from the position on, batch after batch.
class Squares : public Reader {
public:
    Squares(Host host, std::int64_t count, std::int64_t next) : host_(host), count_(count), next_(next) {}

    bool read(Batch& into, std::string& position) override {
        host_.throwIfCancelled();
        while (next_ < count_ && !into.full()) {
            into.beginRow(static_cast<std::uint64_t>(next_ + 1));
            into.add(std::to_string(next_));
            into.add(std::to_string(next_ * next_));
            ++next_;
        }
        position = "{\"next\":" + std::to_string(next_) + "}";
        return next_ >= count_;
    }

private:
    Host host_;
    std::int64_t count_;
    std::int64_t next_;
};

class Plugin : public Source {
public:
    Plugin(Host host, const Config& config) : host_(host), count_(config.number("read.count")) {}

    std::vector<Field> describe() override { return {{"n", "integer"}, {"square", "integer"}}; }

    std::vector<Partition> partitions(Mode mode) override {
        if (mode == Mode::kIncremental) throw Failure(YIMEN_INVALID, "没有增量 / there is no incremental reading here");
        return {{"", ""}};
    }

    std::unique_ptr<Reader> open(const Partition&, Mode, std::string_view position) override {
        const std::int64_t next = position.empty() ? 0 : Config(position).number("next");
        return std::make_unique<Squares>(host_, count_, next);
    }

private:
    Host host_;
    std::int64_t count_;
};

constexpr const char* kSchema = R"({"type": "object", "required": ["read"], "properties": {
  "source": {"type": "object", "properties": {
    "password": {"type": "string", "secret": true, "description": "Host::secret gives it by its path, source.password"}}},
  "read": {"type": "object", "properties": {
    "count": {"type": "integer", "minimum": 0, "default": 10}}}}})";

}  // namespace

YIMEN_SOURCE_PLUGIN(Plugin, "@NAME@", "0.1.0", true, kSchema)
