// Ten thousand damaged documents per format (a thousand where each costs a zip file or a process), always the same
// ones: each is an error, or rows; a row whose bytes were not touched is never changed in silence, and what stands
// before the damage is kept where the format reads on.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "core/file.h"
#include "core/unicode.h"
#include "support/repository.h"
#include "sync/formats/format.h"
#include "unit/sync/formats/reading.h"
#include "unit/sync/formats/zipped.h"

namespace yimen::sync {
namespace {

using fixture::Outcome;
using fixture::readAll;

constexpr int kRounds = 10'000;

/// One change: a byte flipped, set, taken out or put in, a stretch removed or doubled, the end cut off.
struct Damage {
    std::string text;
    std::size_t at = 0;   ///< first byte that may differ
    std::size_t end = 0;  ///< behind the last byte of the original that is concerned
};

Damage damage(const std::string& good, std::minstd_rand& random) {
    Damage out{good, random() % good.size(), 0};
    constexpr std::string_view kMarks = "\",\n\r\t'{}[]<>&;:/\\0\xD6\x80\xFF ";
    const std::size_t length = 1 + random() % 40;
    out.end = out.at + 1;
    switch (random() % 7) {
        case 0:
            out.text[out.at] = static_cast<char>(out.text[out.at] ^ (1 << (random() % 8)));
            break;
        case 1:
            out.text[out.at] = kMarks[random() % kMarks.size()];
            break;
        case 2:
            out.text.erase(out.at, 1);
            break;
        case 3:
            out.text.insert(out.at, 1, kMarks[random() % kMarks.size()]);
            break;
        case 4:
            out.text.erase(out.at, length);
            out.end = out.at + length;
            break;
        case 5:
            out.text.insert(out.at, good.substr(out.at, length));
            break;
        default:
            out.text.resize(out.at);
            out.end = good.size();
    }
    return out;
}

FormatSpec specOf(const std::string& yaml) {
    const auto document = config::YamlDocument::parse(yaml, "data.yaml");
    config::YamlErrors errors;
    config::MapReader map(document->root(), errors);
    FormatSpec spec = readFormatSpec(map);
    map.finish();
    EXPECT_TRUE(errors.empty());
    return spec;
}

Outcome read(const FormatSpec& spec, const std::string& text) {
    auto open = openDocument(spec, std::make_unique<MemoryBytes>(text), "doc");
    if (!open.ok()) return {{}, {}, {}, open.error().message};
    return readAll(*open->records, spec.names(), spec.extra);
}

struct Line {
    std::size_t from = 0;
    std::size_t end = 0;  ///< behind its line end
    std::string key;
};

/// For formats of lines: every record is "key,rest" of its own line(s); `lines` says where each stands.
void checkLines(const FormatSpec& spec, const std::string& good, const std::vector<Line>& lines, unsigned seed) {
    const Outcome whole = read(spec, good);
    ASSERT_EQ(whole.error, "");
    ASSERT_EQ(whole.rows.size(), lines.size());
    std::map<std::string, std::vector<std::string>> truth;
    for (const auto& row : whole.rows) truth[row[0]] = row;
    std::minstd_rand random(seed);
    int noticed = 0;
    for (int round = 0; round < kRounds; ++round) {
        const Damage bad = damage(good, random);
        const Outcome out = read(spec, bad.text);
        noticed += out.error.empty() && out.rejected.empty() ? 0 : 1;
        const std::set<std::vector<std::string>> got(out.rows.begin(), out.rows.end());
        std::size_t touched = 0;
        for (const Line& line : lines) {
            const bool hit = bad.at < line.end && bad.end > line.from;
            // What stands right behind a damaged line end shares it.
            const bool beside = bad.at <= line.end && bad.end + 1 >= line.from;
            touched += beside ? 1U : 0U;
            if (hit || beside) continue;
            if (got.count(truth[line.key]) > 0) continue;
            ASSERT_TRUE(!out.error.empty() || !out.rejected.empty())
                << "round " << round << ": " << line.key << " lost in silence";
            // Before the damage everything is kept, unless the header itself was hit.
            ASSERT_TRUE(line.end > bad.at || bad.at < lines.front().from)
                << "round " << round << ": " << line.key << " stands before the damage";
        }
        ASSERT_LE(out.rows.size(), lines.size() + touched + 2) << "round " << round;
    }
    EXPECT_GT(noticed, kRounds / 4);
}

std::vector<Line> linesOf(const std::string& text, std::size_t header, std::size_t keyLength) {
    std::vector<Line> lines;
    std::size_t at = 0;
    for (std::size_t number = 0; at < text.size(); ++number) {
        const std::size_t end = text.find('\n', at) + 1;
        if (number >= header) lines.push_back({at, end, text.substr(at, keyLength)});
        at = end;
    }
    return lines;
}

TEST(Mutation, OfCsvInGbkChangesNoOtherRecord) {
    std::string text = "id,name,amount,note\r\n";
    for (int i = 100; i < 140; ++i) {
        text += "K" + std::to_string(i) + ",张三" + std::to_string(i) + "," + std::to_string(i * 7) +
                (i % 3 == 0 ? ",\"a,b \"\"c\"\"\"" : ",备注") + "\r\n";
    }
    const std::string gbk = core::encodeCharset(text, "GBK").value();
    checkLines(specOf("format: csv\ncharset: gbk\ncolumns: [id, name, amount, note]\n"), gbk, linesOf(gbk, 1, 4), 1);
}

TEST(Mutation, OfFixedWidthChangesNoOtherRecord) {
    std::string gbk;
    for (int i = 100; i < 140; ++i)
        gbk += "K" + std::to_string(i) + core::encodeCharset("灵水桥北", "GBK").value() + "  " + std::to_string(i) +
               ".5\r\n";
    checkLines(specOf("format: fixed\ncharset: gbk\ncolumns: [{name: id, width: 4}, {name: name, width: 8}, {name: v, "
                      "width: 7}]\n"),
               gbk, linesOf(gbk, 0, 4), 2);
}

/// For documents that are taken whole: an error, or rows of which those that are not concerned are as they were.
/// `reach`: how many records behind it damage can swallow in a document that is still well-formed.
void checkWhole(const FormatSpec& spec, const std::string& good, const std::vector<Line>& lines, unsigned seed,
                std::size_t reach) {
    const Outcome whole = read(spec, good);
    ASSERT_EQ(whole.error, "");
    ASSERT_EQ(whole.rows.size(), lines.size());
    std::minstd_rand random(seed);
    int errors = 0;
    for (int round = 0; round < kRounds; ++round) {
        const Damage bad = damage(good, random);
        const Outcome out = read(spec, bad.text);
        if (!out.error.empty()) {
            ++errors;
            continue;
        }
        // No error: records may have been changed where the damage is, and nowhere else.
        std::set<std::vector<std::string>> got(out.rows.begin(), out.rows.end());
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const bool concerned = bad.at <= lines[i].end && bad.end >= lines[i < reach ? 0 : i - reach].from;
            ASSERT_TRUE(concerned || got.count(whole.rows[i]) > 0 || !out.rejected.empty())
                << "round " << round << ": " << bad.text;
        }
    }
    EXPECT_GT(errors, kRounds / 10);
}

TEST(Mutation, OfJsonIsRefusedOrStaysInItsRecord) {
    std::string text = "{\"total\":30,\"list\":[\n";
    std::vector<Line> lines;
    for (int i = 0; i < 30; ++i) {
        const std::size_t from = text.size();
        text += "{\"id\":2102990000131000000" + std::to_string(i) + ",\"name\":\"张三\\n" + std::to_string(i) +
                "\",\"in\":{\"a\":[1,2.5,null]},\"ok\":true}";
        lines.push_back({from, text.size(), ""});
        text += i < 29 ? ",\n" : "\n";
    }
    text += "]}";
    checkWhole(specOf("format: json\nrecords: /list\ncolumns: [id, name, in, ok]\nextra: refuse\n"), text, lines, 3, 0);
}

TEST(Mutation, OfXmlIsRefusedOrStaysInItsRecord) {
    std::string text = "<?xml version=\"1.0\"?><e><b>\n";
    std::vector<Line> lines;
    for (int i = 0; i < 30; ++i) {
        const std::size_t from = text.size();
        text += "<r id=\"" + std::to_string(i) + "\"><name>张三</name><x><y>" + std::to_string(i) +
                "</y></x><c><![CDATA[<q>]]></c></r>";
        lines.push_back({from, text.size(), ""});
        text += "\n";
    }
    text += "</b></e>";
    checkWhole(specOf("format: xml\nrecords: e/b/r\nextra: refuse\ncolumns: [{name: id, at: \"@id\"}, name, {name: y, "
                      "at: x/y}, c]\n"),
               text, lines, 4, 1);  // a CDATA section whose end is damaged goes on to the next
}

TEST(Mutation, OfAPageIsRefusedOrStaysInItsRow) {
    std::string text = "<html><body><table><tr><th>a</th><th>b</th></tr>\n";
    std::vector<Line> lines;
    for (int i = 0; i < 30; ++i) {
        const std::size_t from = text.size();
        text += "<tr><td>" + std::to_string(i) + "</td><td>张三</td></tr>";
        lines.push_back({from, text.size(), ""});
        text += "\n";
    }
    text += "</table></body></html>";
    const FormatSpec spec = specOf("format: excel\ncolumns: [a, b]\n");
    std::minstd_rand random(5);
    const Outcome whole = read(spec, text);
    ASSERT_EQ(whole.rows.size(), 30U);
    for (int round = 0; round < kRounds; ++round) {
        const Damage bad = damage(text, random);
        const Outcome out = read(spec, bad.text);
        if (!out.error.empty()) continue;
        // An HTML parser mends what it can; rows before the damage are as they were.
        for (std::size_t i = 0; i < lines.size() && lines[i].end < bad.at; ++i)
            ASSERT_EQ(out.rows.at(i), whole.rows[i]) << "round " << round;
    }
}

TEST(Mutation, OfWorkbooksIsRefusedOrReadAsBefore) {
    std::string sheet = "<sheetData>";
    for (int i = 1; i < 30; ++i) {
        const std::string n = std::to_string(i);
        sheet += "<row r=\"" + n + "\"><c r=\"A" + n + "\" t=\"s\"><v>0</v></c><c r=\"B" + n + "\"" +
                 (i == 1 ? " t=\"s\"><v>1" : "><v>" + n) + "</v></c></row>";
    }
    const std::string bytes = fixture::xlsx({sheet + "</sheetData>", "<si><t>a</t></si><si><t>b</t></si>"});
    FormatSpec spec = specOf("format: excel\nsheet: 数据\ncolumns: [a, b]\n");
    const Outcome whole = read(spec, bytes);
    ASSERT_EQ(whole.rows.size(), 28U);
    std::minstd_rand random(6);
    for (int round = 0; round < kRounds; ++round) {
        const Outcome out = read(spec, damage(bytes, random).text);
        if (out.error.empty()) {
            ASSERT_EQ(out.rows, whole.rows) << "round " << round;
        }
    }
}

TEST(Mutation, OfASheetsXmlIsRefusedOrKeepsRowsBeforeIt) {
    std::string sheet = "<sheetData>";
    for (int i = 1; i < 30; ++i) {
        const std::string n = std::to_string(i);
        sheet += "<row r=\"" + n + "\"><c r=\"A" + n + "\" t=\"inlineStr\"><is><t>a" + n + "</t></is></c><c r=\"B" + n +
                 "\"><f>1</f><v>" + n + "</v></c></row>";
    }
    sheet += "</sheetData><mergeCells><mergeCell ref=\"A40:B40\"/></mergeCells>";
    FormatSpec spec = specOf("format: excel\nsheet: 数据\ncolumns: [a1, \"1\"]\n");
    const Outcome whole = read(spec, fixture::xlsx({sheet}));
    ASSERT_EQ(whole.rows.size(), 28U);
    std::minstd_rand random(7);
    for (int round = 0; round < kRounds / 10; ++round) {
        const Damage bad = damage(sheet, random);
        const Outcome out = read(spec, fixture::xlsx({bad.text}));
        if (!out.error.empty()) continue;
        const auto before = static_cast<std::size_t>(
            std::count(sheet.begin(), sheet.begin() + static_cast<std::ptrdiff_t>(bad.at), '/'));
        // A row has seven closing marks; the first is the header.
        for (std::size_t i = 0; i + 2 < before / 7 && i < out.rows.size(); ++i)
            ASSERT_EQ(out.rows[i], whole.rows[i]) << "round " << round;
    }
}

TEST(Mutation, OfAnOldWorkbookIsRefusedOrRead) {
    const std::string bytes =
        core::readFile(yimen::test::repository() + "/tests/unit/sync/formats/book.xls", 1 << 20).value();
    FormatSpec spec = specOf("format: excel\nsheet: 数据\ncolumns: [车牌, 日期]\nextra: ignore\n");
    std::minstd_rand random(8);
    for (int round = 0; round < kRounds / 10; ++round) read(spec, damage(bytes, random).text);
}

}  // namespace
}  // namespace yimen::sync
