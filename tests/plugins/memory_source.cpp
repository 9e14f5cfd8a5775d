// A good plugin: rows from memory. Tests use it as the ordinary case, the benchmark as the cost of the crossing.
#include <yimen/plugin.hpp>

namespace {

using namespace yimen::sdk;

class Rows : public Reader {
public:
    Rows(Host host, const Config& config, std::string_view position)
        : host_(host),
          columns_(static_cast<std::size_t>(config.number("read.columns"))),
          total_(static_cast<std::uint64_t>(config.number("read.rows"))),
          refuse_(static_cast<std::uint64_t>(config.number("read.refuse"))),
          text_(config.text("read.text")) {
        if (!position.empty()) next_ = static_cast<std::uint64_t>(Config(position).number("after"));
    }

    bool read(Batch& into, std::string& position) override {
        host_.throwIfCancelled();
        while (next_ < total_ && !into.full()) {
            if (refuse_ > 0 && (next_ + 1) % refuse_ == 0) {
                ++next_;
                into.refuse(next_, "memory/" + std::to_string(next_), "no record", next_ % 2 == 0 ? "\xff" : "{");
                continue;
            }
            into.beginRow(next_ + 1);
            if (columns_ > 0) into.add(std::to_string(next_));
            for (std::size_t column = 1; column + 1 < columns_; ++column) into.add(text_);
            if (columns_ > 1) into.addNull();
            ++next_;
        }
        position = R"({"after":)" + std::to_string(next_) + "}";
        return next_ == total_;
    }

private:
    Host host_;
    std::size_t columns_;
    std::uint64_t total_;
    std::uint64_t refuse_;
    std::uint64_t next_ = 0;
    std::string text_;
};

class Memory : public Source {
public:
    Memory(Host host, const Config& config) : host_(host), config_(config) {}

    std::vector<Field> describe() override {
        std::vector<Field> out;
        for (const char* name = "a"; out.size() < static_cast<std::size_t>(config_.number("read.columns"));) {
            out.push_back({name + std::to_string(out.size()), "text"});
        }
        if (!host_.secret("source.password").empty()) {
            host_.info("the password is " + std::string(host_.secret("source.password")));
        }
        return out;
    }
    std::vector<Partition> partitions(Mode mode) override {
        if (mode == Mode::kIncremental) throw Failure(YIMEN_INVALID, "没有增量 / no incremental reading here");
        return {{"p0", "{}"}};
    }
    std::unique_ptr<Reader> open(const Partition&, Mode, std::string_view position) override {
        return std::make_unique<Rows>(host_, config_, position);
    }

private:
    Host host_;
    Config config_;
};

constexpr const char* kSchema = R"({"type": "object", "properties": {
  "source": {"type": "object", "properties": {"password": {"type": "string", "secret": true}}},
  "read": {"type": "object", "required": ["rows"], "properties": {
    "rows": {"type": "integer", "minimum": 0},
    "columns": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 3},
    "refuse": {"type": "integer", "minimum": 0, "default": 0},
    "text": {"type": "string", "default": "some text"}}}}})";

}  // namespace

YIMEN_SOURCE_PLUGIN(Memory, "memory", "1.2.3", true, kSchema)
