#include "sync/formats/xml_reader.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "sync/formats/xml_scan.h"

namespace yimen::sync {

namespace {

std::vector<std::string> segments(std::string_view path) {
    std::vector<std::string> names;
    if (path.starts_with('/')) path.remove_prefix(1);
    while (!path.empty()) {
        const auto slash = path.find('/');
        names.emplace_back(path.substr(0, slash));
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    return names;
}

bool onlySpace(std::string_view text) noexcept {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// Finds the records and gives each value in them: path below the record and text.
class RecordFinder final : public XmlVisitor {
public:
    explicit RecordFinder(std::vector<std::string> path) : path_(std::move(path)) {}

    std::function<void()> record;
    std::function<void(const std::string& path, std::string_view text, bool leaf)> value;
    bool reached = false;  ///< the element around the records is there

    void open(std::string_view name, const Attributes& attributes) override {
        ++depth_;
        if (inRecord_ > 0) {
            ++inRecord_;
            leaf_ = true;
            texts_.emplace_back();
            below_.push_back(below_.back().empty() ? std::string(name) : below_.back() + "/" + std::string(name));
            return giveAttributes(attributes);
        }
        if (matched_ != depth_ - 1 || matched_ >= path_.size() || path_[matched_] != name) return;
        ++matched_;
        reached = reached || matched_ + 1 >= path_.size();
        if (matched_ < path_.size()) return;
        inRecord_ = 1;
        leaf_ = true;
        below_.assign(1, "");
        texts_.assign(1, "");
        record();
        giveAttributes(attributes);
    }
    void close(std::string_view) override {
        --depth_;
        if (inRecord_ > 0) {
            const std::string& path = below_.back();
            if (leaf_ || !onlySpace(texts_.back())) value(path.empty() ? "." : path, texts_.back(), leaf_);
            leaf_ = false;
            below_.pop_back();
            texts_.pop_back();
            --inRecord_;
        }
        matched_ = std::min(matched_, depth_);
    }
    void text(std::string_view text) override {
        if (inRecord_ > 0) texts_.back() += text;
    }

private:
    void giveAttributes(const Attributes& attributes) {
        const std::string base = below_.back().empty() ? "" : below_.back() + "/";
        for (const auto& [name, text] : attributes) value(base + "@" + std::string(name), text, true);
    }

    std::vector<std::string> path_;
    std::size_t depth_ = 0;
    std::size_t matched_ = 0;
    std::size_t inRecord_ = 0;
    bool leaf_ = false;
    std::vector<std::string> below_;
    std::vector<std::string> texts_;
};

}  // namespace

XmlReader::XmlReader(std::string text, std::string records, std::vector<PathColumn> columns, std::string document)
    : text_(std::move(text)),
      records_(std::move(records)),
      declared_(std::move(columns)),
      document_(std::move(document)) {}

core::Result<std::vector<SourceField>> XmlReader::columns() {
    std::vector<SourceField> fields;
    for (const auto& column : declared_) fields.push_back({column.name, ""});
    if (!fields.empty()) return fields;
    RecordFinder finder(segments(records_));
    finder.record = [] {};
    finder.value = [&](const std::string& path, std::string_view text, bool) {
        if (path == "." && onlySpace(text)) return;
        const auto known =
            std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.name == path; });
        if (known == fields.end()) fields.push_back({path, "text"});
    };
    XmlScan scan(finder, document_);
    YIMEN_TRY_STATUS(scan.feed(text_, true));
    return fields;
}

core::Status XmlReader::bind(const std::vector<std::string>& wanted, bool extra) {
    std::vector<std::string> paths = wanted;
    for (auto& path : paths) {
        const auto found =
            std::find_if(declared_.begin(), declared_.end(), [&](const auto& column) { return column.name == path; });
        if (found != declared_.end()) path = found->path;
        if (path.starts_with('/')) path.erase(0, 1);
    }
    loaded_.reset(wanted.size());
    core::Status outcome;
    RecordFinder finder(segments(records_));
    XmlScan scan(finder, document_);
    finder.record = [&] { loaded_.addRow(Op::kUpsert, scan.line()); };
    finder.value = [&](const std::string& path, std::string_view text, bool leaf) {
        const auto found = std::find(paths.begin(), paths.end(), path);
        if (found == paths.end()) {
            if (extra || (path == "." && onlySpace(text)) || !leaf) return;
            return scan.fail("the record has a value at \"" + path +
                             "\" that nobody expects: list it in `columns` of data.yaml");
        }
        const auto column = static_cast<std::size_t>(found - paths.begin());
        const std::size_t row = loaded_.rows() - 1;
        const bool again = !loaded_.isNull(row, column);
        const std::string both =
            again ? std::string(loaded_.text(row, column)) + "\n" + std::string(text) : std::string();
        if (!loaded_.set(row, column, again ? std::string_view(both) : text)) scan.fail("the document is too large");
    };
    YIMEN_TRY_STATUS(scan.feed(text_, true));
    if (!finder.reached) {
        return documentError(document_, 0,
                             "there are no records at \"" + records_ + "\": check `records` in data.yaml");
    }
    return {};
}

core::Result<bool> XmlReader::read(Rows& rows) {
    for (; given_ < loaded_.rows() && !rows.batch.full(); ++given_) {
        const std::size_t row = rows.batch.addRow(Op::kUpsert, loaded_.origin(given_));
        for (std::size_t i = 0; i < loaded_.columns(); ++i) {
            if (!loaded_.isNull(given_, i) && !rows.batch.set(row, i, loaded_.text(given_, i))) {
                return documentError(document_, loaded_.origin(given_), "the record is too large");
            }
        }
    }
    return given_ < loaded_.rows();
}

}  // namespace yimen::sync
