-- What pandoc's HTML writer does not do: roles as HTML's own elements, tiles, folds, languages of runs, contents.
local here = pandoc.path.directory(PANDOC_SCRIPT_FILE)
package.path = pandoc.path.join({ here, "?.lua" }) .. ";" .. package.path
local runs = require("runs")

local words = {}
local function raw(text) return pandoc.RawBlock("html", text) end
local function escaped(text) return (text:gsub('[&<>"]', { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" })) end

-- <details> with its first heading, or else a word, as its handle.
local function folded(class, blocks, word)
  local handle = pandoc.Plain({ pandoc.Str(word or words.contents) })
  if not word and blocks[1] and (blocks[1].t == "Header" or blocks[1].t == "Para") then handle = blocks:remove(1) end
  local out = pandoc.Blocks({ raw('<details class="' .. class .. '"><summary>'), handle, raw("</summary>") })
  out:extend(blocks)
  out:insert(raw("</details>"))
  return out
end

-- One verdict tile an item: its link covers it; its group gives shape and colour.
local function tiles(div)
  local groups, n = {}, 0
  for group in div.attributes.groups:gmatch("%S+") do groups[#groups + 1] = group end
  return div.content:walk({ BulletList = function(list)
    local out = pandoc.Blocks({ raw('<ul class="tiles">') })
    for _, item in ipairs(list.content) do
      n = n + 1
      out:insert(raw('<li class="' .. (groups[n] or "open") .. '">'))
      out:extend(item)
      out:insert(raw("</li>"))
    end
    out:insert(raw("</ul>"))
    return out
  end })
end

-- Of a long list of evidence the first few, and the rest folded.
local SHOWN = 2
local function shortened(list)
  if #list.content <= SHOWN + 1 then return nil end
  local first, rest = pandoc.List(), pandoc.Blocks({})
  for i, item in ipairs(list.content) do if i <= SHOWN then first:insert(item) else rest:insert(item) end end
  local handle = words.more:gsub("#", tostring(#rest))
  return { pandoc.BulletList(first), table.unpack(folded("rest", pandoc.Blocks({ pandoc.BulletList(rest) }), handle)) }
end

-- The words of sources are folded where a claim has quoted some before. They may be in a list's item, as its end.
local function folded_words(div)
  local seen = false
  return div:walk({ Plain = function(plain)
    local last = plain.content[#plain.content]
    local quotes = last and last.t == "Span" and last.attributes.tag == "words"
    if not quotes or not seen then seen = seen or quotes; return nil end
    plain.content:remove()
    local out = pandoc.Blocks({ plain })
    out:extend(folded("words", pandoc.Blocks({ pandoc.Plain({ last }) }), words.words))
    return out
  end })
end

local function Div(div)
  local role, a = div.classes[1], div.attributes
  if role == "scroll" then return nil end
  if role == "tiles" and a.groups then div.content = tiles(div) end
  if role == "evidence" then div.content = folded_words(div).content:walk({ BulletList = shortened }) end
  if role == "details" then div.content = folded("more", div.content) end
  if role == "numbers" then div.content = folded("numbers", div.content, words.numbers) end
  if a.fold then div.content = folded("hidden", div.content, a.fold) end
  if a.tag == "details" then
    local blocks, handle = div.content, words.contents
    if blocks[1] and blocks[1].attributes and blocks[1].attributes.tag == "summary" then
      handle = pandoc.utils.stringify(blocks:remove(1))
    end
    return folded("more", blocks, handle)
  elseif a.tag == "summary" then return nil -- the element around it takes it
  end
  if a.card then div.classes:insert("card") end
  div.attr = pandoc.Attr(div.identifier, div.classes, a.style and { { "style", a.style } } or a.lang and { { "lang", a.lang }, { "dir", a.dir or "auto" } } or {})
  if role == "figure" then
    div.content:insert(1, raw('<figure id="' .. escaped(div.identifier) .. '">'))
    div.content:insert(raw("</figure>"))
    return div.content
  end
  return div
end

-- Boxes of a task list are signs, not fields of a form.
local function BulletList(list)
  for _, item in ipairs(list.content) do
    local words = item[1] and item[1].content
    if words and words[1] and words[1].t == "Str" and (words[1].text == "☐" or words[1].text == "☒") and words[2] then
      words[1].text = words[1].text .. "\u{a0}"
      words:remove(2)
    end
  end
  return list
end

local function Table(el)
  return pandoc.Div({ el }, pandoc.Attr("", { "scroll" }, { { "role", "group" }, { "tabindex", "0" }, { "aria-label", words.table } }))
end

-- After the annex begins, each of its sections is folded.
local function fold_annex(doc)
  local out, section, inside = pandoc.Blocks({}), nil, false
  local function close() if section then out:extend(folded("annex-part", section)); section = nil end end
  for _, div in ipairs(doc.blocks) do
    local role = div.classes and div.classes[1]
    local first = div.content and div.content[1]
    if role == "annex" then
      close(); inside = true; out:insert(div)
      if div.content[2] and div.content[2].t == "Header" then -- it begins with its first section
        section = pandoc.Blocks({ div.content:remove(2) })
      end
    elseif inside and first and first.t == "Header" and first.level <= 2 then
      close(); inside = false; out:insert(div)
    elseif inside and first and first.t == "Header" then
      close()
      section = pandoc.Blocks(div.content)
    elseif section then section:insert(div)
    else out:insert(div) end
  end
  close()
  doc.blocks = out
  return doc
end

-- Headings of levels 2 and 3 as a list of links, those of the cards too.
local function contents(doc)
  local list, n = pandoc.List(), 0
  doc:walk({ Header = function(el)
    if el.level > 3 or el.level == 1 or el.identifier == "" then return end
    local text = pandoc.utils.stringify(el.content:walk({ Note = function() return {} end }))
    local link = pandoc.Link({ pandoc.Str(text) }, "#" .. el.identifier)
    n = n + 1
    if el.level == 2 or #list == 0 then list:insert({ pandoc.Plain({ link }), pandoc.BulletList({}) })
    else list[#list][2].content:insert({ pandoc.Plain({ link }) }) end
  end })
  if n < 2 then return nil end
  for _, item in ipairs(list) do if #item[2].content == 0 then item[2] = nil end end
  return pandoc.MetaBlocks({ pandoc.BulletList(list) })
end

local function Pandoc(doc)
  for _, name in ipairs({ "contents", "more", "numbers", "table", "words" }) do words[name] = pandoc.utils.stringify(doc.meta["word-" .. name]) end
  doc.meta.contents = contents(doc)
  local own = pandoc.utils.stringify(doc.meta["own-lang"])
  local function span(run, lang) return pandoc.Span(run, pandoc.Attr("", {}, { { "lang", lang } })) end
  for i, part in ipairs(doc.blocks) do doc.blocks[i] = runs.marked(part, own, span) end
  return fold_annex(doc):walk({ Table = Table, BulletList = BulletList }):walk({ Div = Div })
end

return { { Pandoc = Pandoc } }
