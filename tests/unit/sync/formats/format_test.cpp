#include "sync/formats/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/sync/formats/reading.h"

namespace yimen::sync {
namespace {

using fixture::readAll;
using fixture::Table;
using ::testing::HasSubstr;

struct Parsed {
    FormatSpec spec;
    std::string faults;
};

Parsed parse(const std::string& text) {
    const auto document = config::YamlDocument::parse(text, "data.yaml");
    config::YamlErrors errors;
    config::MapReader map(document->root(), errors);
    Parsed parsed;
    parsed.spec = readFormatSpec(map);
    map.finish();
    const auto status = errors.status();
    parsed.faults = status.ok() ? "" : status.error().message;
    return parsed;
}

fixture::Outcome read(const std::string& yaml, std::string_view bytes, const std::vector<std::string>& wanted) {
    const Parsed parsed = parse(yaml);
    EXPECT_EQ(parsed.faults, "");
    auto open = openDocument(parsed.spec, std::make_unique<MemoryBytes>(bytes), "doc");
    if (!open.ok()) return {{}, {}, {}, open.error().message};
    return readAll(*open->records, wanted, parsed.spec.extra);
}

TEST(Format, OpensWhatIsDeclared) {
    EXPECT_EQ(
        read("format: csv\ndelimiter: \";\"\nquote: none\nheader: 0\ncolumns: [a, b]\n", "1;\"2\n", {"a", "b"}).rows,
        (Table{{"1", "\"2"}}));
    EXPECT_EQ(
        read("format: json\nrecords: /l\ncolumns: [{name: a, at: /x/y}]\n", R"({"l":[{"x":{"y":1},"z":2}]})", {"a"})
            .rows,
        (Table{{"1"}}));
    EXPECT_THAT(read("format: json\nmax_document: 1KiB\n", std::string(2000, ' '), {"a"}).error,
                HasSubstr("limit max_document"));
}

TEST(Format, NamesThePlaceOfEveryFault) {
    EXPECT_THAT(parse("format: csv\ndelimiter: ab\n").faults, HasSubstr("data.yaml:2:"));
    EXPECT_THAT(parse("format: csv\ncharset: latin1\n").faults, HasSubstr("utf-16be"));
    EXPECT_THAT(parse("format: csv\nheader: 0\n").faults, HasSubstr("`columns` has to list"));
    EXPECT_THAT(parse("format: json\ndelimiter: x\n").faults, HasSubstr("delimiter"));
    EXPECT_THAT(parse("columns: [a]\n").faults, HasSubstr("format"));
}

}  // namespace
}  // namespace yimen::sync
