#include "sync/formats/xml_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace yimen::sync {
namespace {

using ::testing::HasSubstr;

std::string at(std::string_view xml, std::string_view path) {
    const auto found = xmlTextAt(xml, path, "answer 1");
    if (!found.ok()) return "! " + found.error().message;
    return found->value_or("(none)");
}

TEST(XmlScan, FindsTextAndAttributesByPath) {
    const char* soap =
        "<s:Envelope xmlns:s=\"urn:x\"><s:Body a='1'><r code=\"7\">in<![CDATA[ "
        "<b>&amp;</b>]]></r><r>two</r></s:Body></s:Envelope>";
    EXPECT_EQ(at(soap, "Envelope/Body/r"), "in <b>&amp;</b>");
    EXPECT_EQ(at(soap, "/Envelope/Body/r/@code"), "7");
    EXPECT_EQ(at(soap, "Envelope/r"), "(none)");
    EXPECT_EQ(at(soap, "Envelope/Body/@b"), "(none)");
}

TEST(XmlScan, BelievesTheCallerAndNotTheDeclarationAboutTheCharset) {
    EXPECT_EQ(at("<?xml version=\"1.0\" encoding=\"GBK\"?><a>中</a>", "a"), "中");
}

TEST(XmlScan, RefusesDocumentTypesDepthAndDamage) {
    EXPECT_THAT(at("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>", "a"),
                HasSubstr("document type declaration"));
    EXPECT_THAT(at("<a>&x;</a>", "a"), HasSubstr("not well-formed"));
    EXPECT_THAT(at("<a>\n<b>", "a"), HasSubstr("answer 1, line 2: not well-formed"));
    std::string deep;
    for (int i = 0; i < 70; ++i) deep += "<a>";
    EXPECT_THAT(at(deep, "a"), HasSubstr("nested deeper"));
}

}  // namespace
}  // namespace yimen::sync
