// A sink that keeps rows in memory and writes what was committed into the file of the configuration.
#include <cstdio>
#include <yimen/plugin.hpp>

namespace {

using namespace yimen::sdk;

class FileWriter : public Writer {
public:
    explicit FileWriter(std::string path) : path_(std::move(path)) {}
    void write(const Rows& rows) override {
        for (std::size_t row = 0; row < rows.rows(); ++row) {
            pending_ += rows.isDelete(row) ? '-' : '+';
            for (std::size_t column = 0; column < rows.columns(); ++column) {
                pending_ += rows.isNull(row, column) ? "|null" : "|" + std::string(rows.text(row, column));
            }
            pending_ += '\n';
        }
    }
    void commit(std::string_view position) override {
        std::FILE* file = std::fopen(path_.c_str(), "a");
        if (file == nullptr) throw Failure(YIMEN_UNAVAILABLE, "the file cannot be opened");
        std::fwrite(pending_.data(), 1, pending_.size(), file);
        std::fprintf(file, "@%.*s\n", static_cast<int>(position.size()), position.data());
        std::fclose(file);
        pending_.clear();
    }

private:
    std::string path_;
    std::string pending_;
};

class Files : public Sink {
public:
    Files(Host, const Config& config)
        : path_(config.text("sink.file")), position_(config.text("sink.position", R"({"from":1})")) {}
    std::unique_ptr<Writer> begin(std::string_view item, std::string& position) override {
        if (item.find("\"code\"") == std::string_view::npos) throw Failure(YIMEN_INVALID, "no code");
        position = position_;
        return std::make_unique<FileWriter>(path_);
    }

private:
    std::string path_;
    std::string position_;
};

constexpr const char* kSchema = R"({"type": "object", "properties": {
  "sink": {"type": "object", "required": ["file"], "properties": {
    "file": {"type": "string"}, "position": {"type": "string"}}}}})";

}  // namespace

YIMEN_SINK_PLUGIN(Files, "counting-sink", "1", false, kSchema)
