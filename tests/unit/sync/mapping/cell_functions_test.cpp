#include "sync/mapping/cell_functions.h"

#include <gtest/gtest.h>

namespace yimen::sync::mapping {
namespace {

struct Functions {
    Functions() : cache(context) {
        context.table = [this](const std::string& name) { return name == "t" ? &table : nullptr; };
        context.keyedHash = [](std::string_view text) { return "#" + std::string(text); };
    }
    /// The answer for cells and literals; "<null>" or "!message".
    std::string call(std::string_view name, const std::vector<CellText>& cells,
                     const std::vector<CellText>& literals = {}) {
        for (std::size_t kind = 0; kind < cellFunctions().size(); ++kind) {
            if (cellFunctions()[kind].name != name) continue;
            const auto made = cache.get(kind, literals);
            if (!made.ok()) return "!" + made.error().message;
            const CellText out = (*made)->apply(cells, arena);
            return isNullCell(out) ? "<null>" : std::string(out);
        }
        return "<no function>";
    }
    CodeTable table{{{"1", "one"}, {"", "blank"}}};
    StepContext context;
    TextArena arena;
    CellFunctionCache cache;
};

TEST(CellFunctions, DoWhatTheirNamesSay) {
    Functions f;
    EXPECT_EQ(f.call("trim", {" \t甲　"}), "甲");
    EXPECT_EQ(f.call("ascii", {"Ａ１！"}), "A1!");
    EXPECT_EQ(f.call("upper", {"aZ甲"}), "AZ甲");
    EXPECT_EQ(f.call("lower", {"aZ甲"}), "az甲");
    EXPECT_EQ(f.call("date", {"2026/6/3"}, {"yyyy/M/d"}), "2026-06-03");
    EXPECT_EQ(f.call("datetime", {"2026-06-30 08:00"}), "2026-06-30T08:00:00+08:00");
    EXPECT_EQ(f.call("integer", {" １２ "}), "12");
    EXPECT_EQ(f.call("decimal", {"12345"}, {"0.01"}), "123.45");
    EXPECT_EQ(f.call("boolean", {"是"}), "true");
    EXPECT_EQ(f.call("code", {"1"}, {"t"}), "one");
    EXPECT_EQ(f.call("code", {"2"}, {"t"}), "<null>");
    EXPECT_EQ(f.call("hash", {"x"}), "#x");
    EXPECT_EQ(f.call("null", {"0000"}, {"-", "0000"}), "<null>");
    EXPECT_EQ(f.call("default", {kNullCell}, {"d"}), "d");
    EXPECT_EQ(f.call("first", {kNullCell, "", "c"}), "c");
    EXPECT_EQ(f.call("join", {"a", kNullCell, "b"}, {"-"}), "a-b");
    EXPECT_EQ(f.call("concat", {kNullCell, kNullCell}), "<null>");
    EXPECT_EQ(f.call("split", {"a,b,"}, {",", "3"}), "");
    EXPECT_EQ(f.call("split", {"a,b,"}, {",", "4"}), "<null>");
    EXPECT_EQ(f.call("sub", {"大连市甘井子区"}, {"3", "-3"}), "市甘井");
    EXPECT_EQ(f.call("sub", {"ab"}, {"5"}), "");
    EXPECT_EQ(f.call("replace", {"a--b--"}, {"--", "+"}), "a+b+");
    EXPECT_EQ(f.call("mask_name", {"张三丰"}), "张**");
}

TEST(CellFunctions, SayWhatIsWrongWithTheirArguments) {
    Functions f;
    EXPECT_EQ(f.call("code", {"1"}, {"u"}), "!codes has no table 'u'");
    EXPECT_EQ(f.call("split", {"1"}, {",", "0"}).front(), '!');
    EXPECT_EQ(f.call("sub", {"1"}, {"0"}).front(), '!');
    EXPECT_EQ(f.call("replace", {"1"}, {"", "x"}).front(), '!');
    EXPECT_EQ(f.call("decimal", {"1"}, {"0"}).front(), '!');
    EXPECT_EQ(f.call("null", {"1"}, {kNullCell}), "!null: an argument is nil");
}

TEST(CellFunctions, StayBoundedWhenAScriptMakesUpLiterals) {
    Functions f;
    for (int i = 0; i < 3000; ++i) {
        const std::string text = std::to_string(i);
        ASSERT_EQ(f.call("default", {kNullCell}, {text}), text);
    }
}

}  // namespace
}  // namespace yimen::sync::mapping
