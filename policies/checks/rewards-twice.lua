-- Only money that was paid counts: a reward of nothing was entered and taken back.
local function paid(text)
  return text ~= nil and text:find("[1-9]") ~= nil
end

return {
  check = function(rows)
    local findings = {}
    for _, row in ipairs(rows) do
      if paid(row.reward) and paid(row.other_reward) then
        findings[#findings + 1] = row
      end
    end
    return findings
  end,
}
