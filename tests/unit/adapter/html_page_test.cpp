#include "adapter/html_page.h"

#include <gtest/gtest.h>

namespace yimen::adapter {
namespace {

HtmlPage page(std::string_view html) {
    auto parsed = HtmlPage::parse(html);
    EXPECT_TRUE(parsed.ok());
    return parsed.ok() ? *parsed : HtmlPage();
}

TEST(HtmlPage, SendsWhatABrowserWouldSend) {
    const auto parsed = page(R"(<form method=POST action="go.do"><input type=hidden name=h value="&lt;1&gt;">
        <input name=t value=x><input type=checkbox name=c1><input type=checkbox name=c2 checked>
        <input type=radio name=r value=a><input type=radio name=r value=b checked><input type=submit name=s value=Go>
        <select name=one><option>first<option selected value=2>second</select><select name=none><option value=z>Z</select>
        <textarea name=ta>long
text</textarea><input name=off value=1 disabled><input value=noname></form>)");
    ASSERT_EQ(parsed.forms().size(), 1U);
    const auto& form = parsed.forms()[0];
    EXPECT_EQ(form.action, "go.do");
    EXPECT_EQ(form.method, "POST");
    EXPECT_EQ(form.value("h"), "<1>");
    EXPECT_EQ(form.value("c1"), std::nullopt);
    EXPECT_EQ(form.value("c2"), "on");
    EXPECT_EQ(form.value("r"), "b");
    EXPECT_EQ(form.value("s"), std::nullopt);
    EXPECT_TRUE(form.hasControl("s"));
    EXPECT_EQ(form.value("one"), "2");
    EXPECT_EQ(form.value("none"), "z");
    EXPECT_EQ(form.value("ta"), "long\ntext");
    EXPECT_EQ(form.value("off"), std::nullopt);
}

TEST(HtmlPage, FindsTheFormWithTheControl) {
    const auto parsed =
        page("<form action=/search><input name=q></form><form action=/login method=post><input name=pwd></form>");
    ASSERT_NE(parsed.formWith("pwd"), nullptr);
    EXPECT_EQ(parsed.formWith("pwd")->action, "/login");
    EXPECT_EQ(parsed.formWith("other"), nullptr);
}

TEST(HtmlPage, ReadsFormsInsideTables) {
    const auto parsed = page(
        "<table><form method=post action=/l><tr><td><input name=u></td></tr><tr><td><input "
        "name=p></td></tr></form></table>");
    ASSERT_NE(parsed.formWith("p"), nullptr);
    EXPECT_TRUE(parsed.formWith("p")->hasControl("u"));
}

TEST(HtmlPage, FindsTextBySelector) {
    const auto parsed = page(
        R"(<ul class="errorlist nonfield"><li>错误</li></ul><span id=lblMsg></span><input name=captcha><p class=x>a</p>)");
    EXPECT_EQ(parsed.textOf("ul.errorlist"), "错误");
    EXPECT_EQ(parsed.textOf("span#lblMsg"), "");
    EXPECT_TRUE(parsed.textOf("input[name=captcha]").has_value());
    EXPECT_EQ(parsed.textOf(".nonfield.errorlist"), "错误");
    EXPECT_EQ(parsed.textOf("ul.error"), std::nullopt);
    EXPECT_EQ(parsed.textOf("#lbl"), std::nullopt);
    EXPECT_EQ(parsed.textOf("p[class=y]"), std::nullopt);
}

TEST(HtmlPage, RefusesPagesThatCostTooMuch) {
    std::string deep;
    for (std::size_t i = 0; i <= HtmlPage::kMaxTags; ++i) deep += "<b>";
    EXPECT_EQ(HtmlPage::parse(deep).error().code, core::ErrorCode::kTooLarge);
    EXPECT_TRUE(HtmlPage::parse(deep.substr(0, deep.size() / 2)).ok());
}

TEST(HtmlPage, TakesLargeHiddenFields) {
    const std::string state(400 * 1024, 'A');
    const auto parsed = page("<form method=post><input type=hidden name=__VIEWSTATE value=\"" + state + "\"></form>");
    ASSERT_EQ(parsed.forms().size(), 1U);
    EXPECT_EQ(parsed.forms()[0].value("__VIEWSTATE"), state);
}

TEST(HtmlPage, SurvivesBrokenInput) {
    for (const char* html :
         {"", "<", "<form", "<form><input", "</form></form>", "<input name=x>", "<select><option", "\xff\xfe<p>"}) {
        EXPECT_TRUE(HtmlPage::parse(html).ok()) << html;
    }
}

}  // namespace
}  // namespace yimen::adapter
