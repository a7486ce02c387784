-- Words in another script carry their language, so that a screen reader speaks them and a browser finds a font.
local M = {}

local SCRIPTS = {
  { "ru", 0x0400, 0x052f }, { "ar", 0x0600, 0x06ff }, { "ar", 0xfb50, 0xfefc }, { "he", 0x0590, 0x05ff },
  { "zh", 0x2e80, 0x303f }, { "zh", 0x3400, 0x9fff }, { "zh", 0xf900, 0xfaff }, { "zh", 0xff00, 0xff60 },
  { "ja", 0x3040, 0x30ff }, { "ko", 0xac00, 0xd7af },
}
local KAZAKH = "[әғқңөұүһіӘҒҚҢӨҰҮҺІ]"
local kazakh = {}
for _, c in utf8.codes("әғқңөұүһіӘҒҚҢӨҰҮҺІ") do kazakh[c] = true end

local function language(text)
  local found
  for _, c in utf8.codes(text, true) do
    if kazakh[c] then return "kk" end
    if c >= 0x0400 and not found then
      for _, s in ipairs(SCRIPTS) do if c >= s[2] and c <= s[3] then found = s[1] end end
    elseif c > 64 and c < 0x0250 and not found and string.char(c % 256):find("%a") then found = "latin" end
  end
  return found
end

-- Is a word of the language `own` a foreigner's? Latin words stand in texts of every language.
local function foreign(text, own)
  local lang = language(text)
  if lang == nil or lang == "latin" or lang == own or (own == "kk" and lang == "ru") then return nil, lang == nil end
  return lang
end

local function split(list, own, span)
  local out, run, lang = pandoc.Inlines({}), pandoc.Inlines({}), nil
  local function flush()
    local tail = pandoc.Inlines({})
    while #run > 0 and run[#run].t ~= "Str" do tail:insert(1, run:remove()) end
    if #run > 0 then
      local marked = span(run, lang)
      if pandoc.utils.type(marked) == "Inlines" then out:extend(marked) else out:insert(marked) end
    end
    out:extend(tail)
    run, lang = pandoc.Inlines({}), nil
  end
  for _, el in ipairs(list) do
    local found = el.t == "Str" and foreign(el.text, own)
    if found and (lang == nil or lang == found) then run:insert(el); lang = found
    elseif #run > 0 and (el.t == "Space" or el.t == "SoftBreak") then run:insert(el)
    elseif found then flush(); run:insert(el); lang = found
    else flush(); out:insert(el) end
  end
  flush()
  return out
end

-- Whether a text may hold such words: bytes with which letters of other scripts begin.
function M.found(text, own)
  own = own:match("^%a+")
  if own ~= "ru" and own ~= "kk" then return text:find("[\208-\219\224\227-\237]") ~= nil end
  return text:find("[\210\211\215-\219\224\227-\237]") ~= nil or text:find("і", 1, true) ~= nil or text:find("І", 1, true) ~= nil
end

-- A part with span(inlines, language) in place of each run of words in another language than the document's.
function M.marked(part, own, span)
  if not part.attributes.scripts then return part end
  own = own:match("^%a+")
  return part:walk({ Inlines = function(list)
    if M.found(pandoc.utils.stringify(list), own) then return split(list, own, span) end
  end })
end

return M
