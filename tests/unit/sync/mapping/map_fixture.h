#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "sync/mapping/mapper.h"

namespace yimen::sync {

/// A folder of a system that dies with the test.
class DataFolder {
public:
    DataFolder() {
        const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
        root_ = std::filesystem::path(testing::TempDir()) /
                (std::string(test->test_suite_name()) + "." + test->name() + "." + std::to_string(getpid()));
        std::filesystem::remove_all(root_);
        std::filesystem::create_directories(root_ / "qu-test");
    }
    ~DataFolder() { std::filesystem::remove_all(root_); }
    DataFolder(const DataFolder&) = delete;
    DataFolder& operator=(const DataFolder&) = delete;

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(root_ / "qu-test" / name, std::ios::binary) << text;
    }
    std::string path() const { return (root_ / "qu-test").string(); }

private:
    std::filesystem::path root_;
};

/// A data.yaml with one item: `fields` are the lines of the list, `more` further keys of the item, `codes` the tables.
inline std::string dataYaml(const std::string& fields, const std::string& more = {}, const std::string& codes = {}) {
    std::string out =
        "api: 1\nsystem: qu-test\nsource: {kind: files}\nitems:\n"
        "  - code: ZS-T-001\n    table: t_event\n    title: {zh: 事件, en: Events}\n";
    if (!more.empty()) out += more;
    out += "    fields:\n" + fields;
    if (!codes.empty()) out += "codes:\n" + codes;
    return out;
}

using RowTexts = std::vector<std::optional<std::string>>;

inline Batch batchOf(std::size_t columns, const std::vector<RowTexts>& rows) {
    Batch out;
    out.reset(columns);
    std::uint64_t origin = 1;
    for (const auto& texts : rows) {
        const std::size_t row = out.addRow(Op::kUpsert, origin++);
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (texts[i]) {
                EXPECT_TRUE(out.set(row, i, *texts[i]));
            }
        }
    }
    return out;
}

/// An item compiled for columns of the given names.
class MapFixture {
public:
    MapFixture(const std::string& yaml, const std::vector<std::string>& columns, const std::string& script = {}) {
        folder.write("data.yaml", yaml);
        if (!script.empty()) folder.write("map.lua", script);
        auto read = readSystemData(folder.path());
        EXPECT_TRUE(read.ok()) << read.error().message;
        if (!read.ok()) return;
        data.emplace(std::move(read).value());
        for (const auto& name : columns) fields.push_back({name, ""});
        services.clock = &clock;
    }

    core::Status compile() {
        auto made = compileMapper(data->items.at(0), fields, services);
        if (!made.ok()) return made.error();
        mapper = std::move(made).value();
        return {};
    }
    /// Maps rows of texts; the answer is in `out`.
    core::Status map(const std::vector<RowTexts>& rows) { return map(batchOf(fields.size(), rows)); }
    core::Status map(const Batch& batch) {
        if (!mapper) {
            const auto compiled = compile();
            EXPECT_TRUE(compiled.ok()) << compiled.error().message;
            if (!compiled.ok()) return compiled;
        }
        const auto status = mapper->map(batch, out);
        if (status.ok()) {
            EXPECT_EQ(out.rows.rows() + out.rejected.size() + out.dropped, batch.rows());
        }
        return status;
    }
    /// A cell of the answer; "<null>" for none.
    std::string cell(std::size_t row, std::size_t column) const {
        if (row >= out.rows.rows()) return "<no row>";
        return out.rows.isNull(row, column) ? "<null>" : std::string(out.rows.text(row, column));
    }
    /// What one text of the only column `a` becomes in the field given by `keys` ("type: date"): the text, "<null>", or
    /// "!rule" when its row is refused.
    static std::string one(const std::string& keys, const std::optional<std::string>& text,
                           const std::string& codes = {}) {
        MapFixture fixture(
            dataYaml("      - {to: id, constant: k, key: true}\n      - {to: v, from: a, " + keys + "}\n", {}, codes),
            {"a"});
        if (!fixture.data || !fixture.map({{text}}).ok()) return "<no mapper>";
        return fixture.out.rejected.empty() ? fixture.cell(0, 1) : "!" + fixture.out.rejected[0].rule;
    }

    DataFolder folder;
    core::ManualClock clock;
    std::optional<SystemData> data;
    std::vector<SourceField> fields;
    MapperServices services;
    std::unique_ptr<Mapper> mapper;
    Mapped out;
};

}  // namespace yimen::sync
