#include "catalog/check_spec.h"

#include <algorithm>
#include <filesystem>

#include "config/yaml.h"
#include "core/file.h"
#include "lua/state.h"
#include "sync/inquiry.h"
#include "sync/runner/calendar.h"

namespace yimen::catalog {

namespace {

using config::MapReader;
using config::YamlErrors;
using config::YamlNode;

constexpr std::size_t kMaxScript = 64 * 1024;

bool has(const std::vector<std::string>& list, const std::string& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

/// Reads one file; what is wrong is gathered in `errors`.
class CheckReader {
public:
    CheckReader(const YamlNode& root, std::string folder, YamlErrors& errors)
        : map_(root, errors), folder_(std::move(folder)), errors_(errors) {}

    CheckSpec read(const std::string& fileName) {
        out_.name = map_.requireText("check");
        if (!out_.name.empty() && out_.name + ".yaml" != fileName)
            map_.complain("check", "is the file's name: " + fileName);
        out_.code = map_.text("code", "");
        pair("title", out_.titleZh, out_.titleEn);
        out_.severity = map_.choice<std::string>("severity", "yellow", {{"red", "red"}, {"yellow", "yellow"}});
        out_.items = map_.texts("items");
        if (out_.items.empty()) map_.complain("items", "names the items whose tables the question reads");
        readSchedule();
        readLimits();
        out_.columns = map_.texts("columns");
        readSql();
        readScript();
        out_.subject = map_.texts("subject");
        if (out_.subject.empty()) map_.complain("subject", "names the columns that tell one case from another");
        for (const std::string& column : out_.subject) known("subject", column);
        pair("message", out_.messageZh, out_.messageEn);
        readMasks();
        readRecords();
        map_.finish();
        return std::move(out_);
    }

private:
    void known(std::string_view key, const std::string& column) {
        if (!has(out_.columns, column)) map_.complain(key, "'" + column + "' is none of columns");
    }

    void pair(std::string_view key, std::string& zh, std::string& en) {
        const auto node = map_.require(key);
        if (!node) return;
        MapReader inner(*node, errors_);
        zh = inner.requireText("zh");
        en = inner.requireText("en");
        inner.finish();
    }

    void readSchedule() {
        const auto node = map_.child("schedule");
        if (!node) return;
        MapReader inner(*node, errors_);
        out_.schedule.every = inner.duration("every", out_.schedule.every, {60'000, 366LL * 86'400'000});
        out_.schedule.cron = inner.text("cron", "");
        out_.schedule.workingDays = inner.choice("calendar", false, {{"all", false}, {"working_days", true}});
        if (!out_.schedule.cron.empty()) {
            const auto rule = sync::CronRule::parse(out_.schedule.cron);
            if (!rule.ok()) inner.complain("cron", rule.error().message);
        }
        inner.finish();
    }

    void readLimits() {
        const auto node = map_.child("limits");
        if (!node) return;
        MapReader inner(*node, errors_);
        out_.time = inner.duration("time", out_.time, {100, 600'000});
        out_.rows = static_cast<std::size_t>(inner.integer("rows", static_cast<std::int64_t>(out_.rows), {1, 100'000}));
        inner.finish();
    }

    void readSql() {
        const auto node = map_.require("sql");
        if (!node) return;
        if (node->isMap()) {
            MapReader inner(*node, errors_);
            for (const char* dialect : {"sqlite", "postgresql"}) out_.sql[dialect] = inner.requireText(dialect);
            inner.finish();
        } else if (const auto text = node->text(); text.ok()) {
            out_.sql[""] = *text;
        } else {
            errors_.add(text.error());
        }
        for (const auto& [dialect, text] : out_.sql) {
            const auto good = sync::checkInquiry({text, out_.columns});
            if (!good.ok()) map_.complain("sql", good.error().message);
        }
    }

    void readScript() {
        out_.scriptName = map_.text("script", "");
        if (out_.scriptName.empty()) return;
        const bool plain =
            out_.scriptName.find_first_of("/\\") == std::string::npos && out_.scriptName.ends_with(".lua");
        if (!plain) return map_.complain("script", "is the name of a .lua file in this folder");
        const auto source = core::readFile(folder_ + "/" + out_.scriptName, kMaxScript);
        if (!source.ok()) return map_.complain("script", source.error().message);
        out_.script = *source;
        const auto chunk = lua::Chunk::compile(out_.script, out_.scriptName);
        if (!chunk.ok()) map_.complain("script", chunk.error().message);
    }

    void readMasks() {
        const auto node = map_.child("masks");
        if (!node) return;
        for (const auto& [column, word] : node->entries()) {
            known("masks", column);
            const auto text = word.text();
            const auto mask = text.ok() ? maskOf(*text) : std::nullopt;
            if (!mask) map_.complain("masks", "plain, name, id_number, phone, address or hash");
            out_.masks[column] = mask.value_or(Mask::kHash);
        }
    }

    void readRecords() {
        const auto node = map_.child("records");
        if (!node) return;
        for (std::size_t i = 0; i < node->size(); ++i) out_.records.push_back(readRecord(node->at(i)));
    }

    CheckRecord readRecord(const YamlNode& node) {
        MapReader inner(node, errors_);
        CheckRecord record;
        record.item = inner.requireText("item");
        if (!has(out_.items, record.item)) inner.complain("item", "is none of items");
        record.batch = inner.text("batch", "");
        if (!record.batch.empty() && !has(out_.columns, record.batch)) inner.complain("batch", "is none of columns");
        if (const auto key = inner.require("key")) {
            for (const auto& [field, column] : key->entries()) {
                const auto name = column.text();
                if (!name.ok() || !has(out_.columns, *name)) inner.complain("key", "names a column for each field");
                record.key[field] = name.ok() ? *name : "";
            }
        }
        inner.finish();
        return record;
    }

    MapReader map_;
    const std::string folder_;
    YamlErrors& errors_;
    CheckSpec out_;
};

}  // namespace

core::Result<std::vector<CheckSpec>> readChecks(const std::string& folder) {
    std::vector<CheckSpec> out;
    std::vector<std::filesystem::path> files;
    std::error_code failure;
    for (std::filesystem::directory_iterator at(folder, failure), end; !failure && at != end; at.increment(failure)) {
        if (at->path().extension() == ".yaml") files.push_back(at->path());
    }
    std::sort(files.begin(), files.end());
    YamlErrors errors;
    for (const auto& file : files) {
        const auto document = config::YamlDocument::load(file.string());
        if (document.ok()) {
            out.push_back(CheckReader(document->root(), folder, errors).read(file.filename().string()));
        } else {
            errors.add(document.error());
        }
    }
    YIMEN_TRY_STATUS(errors.status());
    return out;
}

}  // namespace yimen::catalog
