#include "sync/formats/json_reader.h"

#include <algorithm>

namespace yimen::sync {

namespace {

std::string_view typeWord(JsonValue::Kind kind) noexcept {
    switch (kind) {
        case JsonValue::Kind::kNull:
            return "null";
        case JsonValue::Kind::kBoolean:
            return "boolean";
        case JsonValue::Kind::kNumber:
            return "number";
        case JsonValue::Kind::kText:
            return "text";
        case JsonValue::Kind::kArray:
            return "array";
        case JsonValue::Kind::kObject:
            return "object";
    }
    return "text";
}

}  // namespace

JsonReader::JsonReader(JsonDocument document, std::string records, std::vector<PathColumn> columns)
    : document_(std::move(document)), records_(std::move(records)), declared_(std::move(columns)) {}

core::Result<std::vector<SourceField>> JsonReader::columns() {
    std::vector<SourceField> fields;
    if (!declared_.empty()) {
        for (const auto& column : declared_) fields.push_back({column.name, ""});
        return fields;
    }
    JsonDocument::Visit visit;
    visit.record = [](std::size_t, JsonValue::Kind, std::string_view) {};
    visit.member = [&](std::string_view path, const JsonValue& value) {
        const auto found =
            std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.name == path; });
        if (found == fields.end()) {
            fields.push_back({std::string(path), std::string(typeWord(value.kind))});
        } else if (found->type == "null") {
            found->type = typeWord(value.kind);
        }
    };
    YIMEN_TRY_STATUS(document_.eachRecord(records_, visit));
    return fields;
}

core::Status JsonReader::bind(const std::vector<std::string>& wanted, bool extra) {
    extra_ = extra;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        std::string path = wanted[i];
        const auto declared = std::find_if(declared_.begin(), declared_.end(),
                                           [&](const PathColumn& column) { return column.name == wanted[i]; });
        if (declared != declared_.end()) path = declared->path;
        if (path.starts_with('/')) path.erase(0, 1);
        numbers_.emplace(path, i);
        for (auto at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1)) {
            parents_.push_back(path.substr(0, at));
        }
    }
    loaded_.reset(wanted.size());
    return load();
}

/// Takes the document apart. It is in memory anyway, so its rows may be too.
core::Status JsonReader::load() {
    core::Status outcome;
    bool bad = false;
    std::string_view raw;
    std::size_t number = 0;
    const auto refuse = [&](std::string why) {
        if (!bad) rejected_.push_back(formatReject(number + 1, std::move(why), raw));
        bad = true;
    };
    const auto finishRecord = [&] {
        if (bad && loaded_.rows() > 0 && loaded_.origin(loaded_.rows() - 1) == number + 1) loaded_.dropLastRow();
    };
    JsonDocument::Visit visit;
    visit.enter = [&](std::string_view path) {
        return std::find(parents_.begin(), parents_.end(), path) != parents_.end();
    };
    visit.record = [&](std::size_t next, JsonValue::Kind kind, std::string_view text) {
        if (next > 0) finishRecord();
        number = next;
        raw = text;
        bad = false;
        if (kind == JsonValue::Kind::kObject) {
            loaded_.addRow(Op::kUpsert, number + 1);
        } else {
            refuse("the record is a " + std::string(typeWord(kind)) + ", not an object");
        }
    };
    visit.member = [&](std::string_view path, const JsonValue& value) {
        const auto found = numbers_.find(std::string(path));
        if (found == numbers_.end()) {
            const bool known = extra_ || path.find('/') != std::string_view::npos || visit.enter(path);
            if (!known && outcome.ok()) {
                outcome =
                    documentError(document_.name(), 0,
                                  "record " + std::to_string(number + 1) + " has a member \"" + std::string(path) +
                                      "\" that nobody expects: list the members in `columns` of data.yaml");
            }
            return;
        }
        const std::size_t row = loaded_.rows() - 1;
        if (!loaded_.isNull(row, found->second)) return refuse("the member \"" + std::string(path) + "\" stands twice");
        if (value.kind == JsonValue::Kind::kNull) return;
        if (!loaded_.set(row, found->second, value.text)) refuse("the record is too large for a batch");
    };
    YIMEN_TRY_STATUS(document_.eachRecord(records_, visit));
    finishRecord();
    if (outcome.ok() && rejected_.size() > kMaxRejected) {
        return documentError(document_.name(), 0,
                             "more than 1000 records are no objects: check `records` in data.yaml");
    }
    return outcome;
}

core::Result<bool> JsonReader::read(Rows& rows) {
    if (!ready_) {
        ready_ = true;
        rows.rejected.insert(rows.rejected.end(), std::make_move_iterator(rejected_.begin()),
                             std::make_move_iterator(rejected_.end()));
    }
    while (given_ < loaded_.rows() && !rows.batch.full()) {
        const std::size_t row = rows.batch.addRow(Op::kUpsert, loaded_.origin(given_));
        for (std::size_t i = 0; i < loaded_.columns(); ++i) {
            if (loaded_.isNull(given_, i)) continue;
            if (!rows.batch.set(row, i, loaded_.text(given_, i))) {
                return documentError(document_.name(), 0,
                                     "record " + std::to_string(loaded_.origin(given_)) + " is too large");
            }
        }
        ++given_;
    }
    return given_ < loaded_.rows();
}

}  // namespace yimen::sync
