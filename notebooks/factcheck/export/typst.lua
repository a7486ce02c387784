-- What pandoc's Typst writer does not do: roles, alt texts, languages of runs, tables that fit, code that wraps.
local here = pandoc.path.directory(PANDOC_SCRIPT_FILE)
package.path = pandoc.path.join({ here, "?.lua" }) .. ";" .. package.path
local runs = require("runs")
local colours = require("colours")
local tables = require("tables")

local ROLES = { front = 1, summary = 1, claim = 1, verdict = 1, chart = 1, figure = 1, evidence = 1, note = 1,
  ["chart-title"] = 1, ["chart-source"] = 1, sources = 1, input = 1, output = 1, error = 1, alert = 1 }
local CARD = { claim = 1, verdict = 1, evidence = 1 } -- that look otherwise in a card
local formulas = 0
local words_on_page

local function inline(text) return pandoc.RawInline("typst", text) end
local function block(text) return pandoc.RawBlock("typst", text) end
local function quoted(text) return '"' .. text:gsub('[\\"]', "\\%0"):gsub("\n", "\\n"):gsub("[\r\t]", " ") .. '"' end
local function wrapped(name, blocks)
  local out = pandoc.Blocks({ block("#" .. name .. "[") })
  out:extend(blocks)
  out:insert(block("]"))
  return out
end

-- Typst's own mathematics as a string, so that one formula that it does not know spoils no other.
local function Math(el)
  local body = pandoc.write(pandoc.Pandoc({ pandoc.Plain({ el }) }), "typst", { wrap_text = "wrap-none" }):gsub("%s+$", "")
  formulas = formulas + 1
  local display = el.mathtype == "DisplayMath"
  local math = body:match("^%$%s?(.-)%s?%$$")
  local tex = el.text:gsub("%s+", " ")
  if not math then return inline(string.format("#tex(%s, %s)", tostring(display), quoted(tex))) end
  return inline(string.format("#formula(%d, %s, %s, %s)", formulas, tostring(display), quoted(tex), quoted(math)))
end

local function Image(el)
  local width = (el.attributes.width or ""):gsub("px$", "")
  if width ~= "" and not width:find("%%$") then width = tonumber(width) and width * 0.75 .. "pt" or "" end
  local alt = pandoc.utils.stringify(el.caption)
  return inline(string.format("#picture(%s, alt: %s%s)", quoted(el.src), quoted(alt), width ~= "" and ", width: " .. width or ""))
end

-- A picture between words stands in the line, one by itself is a block.
local function Para(el)
  local words
  for _, part in ipairs(el.content) do words = words or not (part.t == "Image" or part.t == "Space" or part.t == "SoftBreak" or part.t == "LineBreak") end
  if not words then return nil end
  return el:walk({ Image = function(image) return { inline("#box["), image, inline("]") } end })
end

local function CodeBlock(el)
  return block(string.format("#code-block(%s, %s)", quoted(el.text:gsub("\t", "    ")), quoted(el.classes[1] or "")))
end

local function Span(el)
  local lang, id = el.attributes.lang, el.identifier
  local out = pandoc.Inlines(el.content)
  if lang then out = pandoc.Inlines({ inline('#text(lang: "' .. lang .. '", region: none)[') }) .. out .. { inline("]") } end
  local style = el.attributes.style or ""
  if style:find("font%-weight: bold") or style:find("font%-weight: [6-9]00") then out = pandoc.Inlines({ pandoc.Strong(out) }) end
  if style:find("font%-style: italic") then out = pandoc.Inlines({ pandoc.Emph(out) }) end
  local colour = colours.of(style, "color")
  if colour then out = pandoc.Inlines({ inline("#text(fill: " .. colour .. ")[") }) .. out .. { inline("]") } end
  if id ~= "" then out:insert(1, inline("#anchor(" .. quoted(id) .. ")")) end
  return out
end

-- Typst takes three dots, or a hyphen and a question mark, for signs of its own.
local function Str(el)
  if not (el.text:find("...", 1, true) or el.text:find("-?", 1, true)) then return nil end
  return inline("#" .. quoted(el.text) .. ";")
end

local function Link(el)
  if el.target:sub(1, 1) ~= "#" then return nil end
  return pandoc.Inlines({ inline("#goto(" .. quoted(el.target:sub(2)) .. ")[") }) .. el.content .. { inline("]") }
end

-- Tiles are given to Typst one by one: group, then what stands on it.
local function tiles(div)
  local groups, n = {}, 0
  for group in div.attributes.groups:gmatch("%S+") do groups[#groups + 1] = group end
  return div.content:walk({ BulletList = function(list)
    local out = pandoc.Blocks({ block("#tiles(") })
    for _, item in ipairs(list.content) do
      n = n + 1
      out:insert(block("tile(" .. quoted(groups[n] or "open") .. ")["))
      out:extend(item)
      out:insert(block("],"))
    end
    out:insert(block(")"))
    return out
  end })
end

-- What leads to a list stays with it: a paragraph before it, or the words of an item that holds one.
local function led(blocks)
  local out = pandoc.Blocks({})
  local function lead(inlines)
    out:insert(block("#lead["))
    out:insert(pandoc.Plain(inlines))
    out:insert(block("]"))
  end
  for i, el in ipairs(blocks) do
    local list = blocks[i + 1] and blocks[i + 1].t == "BulletList"
    local first = el.t == "BulletList" and el.content[1] or nil
    if el.t == "Para" and list then lead(el.content)
    elseif first and first[2] and first[2].t == "BulletList" then
      lead(first[1].content)
      out:insert(first[2])
      el.content:remove(1)
      if #el.content > 0 then out:insert(el) end
    else out:insert(el) end
  end
  return out
end

local function Div(div)
  local role, a = div.classes[1], div.attributes
  local blocks = pandoc.Blocks(div.content)
  if role == "tiles" and a.groups then blocks = tiles(div) end
  if role == "evidence" then blocks = led(blocks) end
  if a.tag == "summary" then blocks = pandoc.Blocks({ pandoc.Para({ pandoc.Strong(pandoc.utils.blocks_to_inlines(blocks)) }) }) end
  if div.identifier ~= "" then blocks:insert(1, pandoc.Plain({ inline("#anchor(" .. quoted(div.identifier) .. ")") })) end
  if a.card and CARD[role] then blocks = wrapped("card-" .. role, blocks)
  elseif ROLES[role] then blocks = wrapped("role-" .. role, blocks) end
  if a.lang then blocks = wrapped("text(lang: " .. quoted(a.lang) .. (a.dir == "rtl" and ", dir: rtl" or "") .. ")", blocks) end
  return blocks
end

-- An address that can be read on paper, too.
local function printed(link)
  local address = link.target:match("^https?://(.-)/?$")
  if not address then return nil end
  return { link, inline(" #address["), pandoc.Str(address), inline("]") }
end

-- The sources that the PDF names, as a list; of the others their number.
local function sources(div, named)
  local list, left = pandoc.List(), 0
  div:walk({ Table = function(el)
    for _, body in ipairs(el.bodies) do
      for _, row in ipairs(body.body) do
        local words, anchor = pandoc.Inlines({}), nil
        for i, cell in ipairs(row.cells) do
          if i > 1 then words:extend({ pandoc.Str("."), pandoc.Space() }) end
          words:extend(pandoc.utils.blocks_to_inlines(cell.contents):walk({ Link = printed }))
        end
        words:walk({ Span = function(span) if span.identifier ~= "" then anchor = anchor or span.identifier end end })
        if named[anchor] then list:insert({ pandoc.Plain(words) }) else left = left + 1 end
      end
    end
  end })
  div.content = pandoc.Blocks({ pandoc.BulletList(list) })
  if left > 0 then div.content:insert(pandoc.Para({ pandoc.Str((words_on_page:gsub("#", left))) })) end
  return div
end

-- Of the words of sources that a claim quotes, the PDF has the first.
local function first_words(div)
  local seen = false
  return div:walk({ Span = function(span)
    if span.attributes.tag ~= "words" then return nil end
    if seen then return {} end
    seen = true
    return span.content
  end })
end

-- Whether the first claim from a part on has no chart.
local function begins_with_card(parts, from)
  for i = from, #parts do
    if parts[i].classes[1] == "claim" then return parts[i].attributes.card ~= nil end
  end
  return true
end

-- The parts are told apart by a line each, so that one that cannot be typeset is found. From the role "columns" on,
-- and in the annex, the page has two columns; heads and the first table span them, charts are drawn as for the phone. Claims with a chart that
-- come first are still set across the page, so that they fill the one before.
local function marked_parts(doc)
  local out = pandoc.Blocks({})
  local mode, waiting, spanned
  for i, div in ipairs(doc.blocks) do
    local role = div.classes[1]
    out:insert(block("// §part " .. (div.attributes.place or "")))
    if role == "columns" then waiting = true end
    local ready = waiting and (role == "columns" or role == "claim") and begins_with_card(doc.blocks, i)
    local begins = role == "annex" and "annex" or ready and "columns"
    if begins and begins ~= mode then
      mode, waiting, spanned = begins, nil, nil
      out:insert(block("#set page(..two-columns)"))
      out:insert(block("#pagebreak(weak: true)"))
    end
    if mode == "columns" then div.attributes.card = "yes" end
    local spans = mode and (role == mode or mode == "annex" and (role == "figure" or role == "table" and not spanned))
    spanned = spanned or role == "table"
    local blocks = Div(div)
    if mode == "annex" then blocks = wrapped("in-annex", blocks) end
    if spans then blocks = wrapped("spanning", blocks) end
    out:extend(blocks)
  end
  doc.blocks = out
  return doc
end

local function Pandoc(doc)
  local lang = pandoc.utils.stringify(doc.meta["own-lang"])
  words_on_page = pandoc.utils.stringify(doc.meta["word-on-page"])
  local function span(run, other) return pandoc.Span(run, pandoc.Attr("", {}, { { "lang", other } })) end
  local named = {}
  for i, part in ipairs(doc.blocks) do
    if part.classes[1] == "evidence" then doc.blocks[i] = first_words(part) end
    doc.blocks[i]:walk({ Link = function(link) if link.target:sub(1, 1) == "#" then named[link.target:sub(2)] = true end end })
  end
  for i, part in ipairs(doc.blocks) do
    if part.classes[1] == "sources" then part = sources(part, named) end
    part = runs.marked(part, lang, span)
    doc.blocks[i] = part.attributes.dots and part:walk({ Str = Str }) or part
  end
  doc = doc:walk({ Table = tables.fitted })
  doc = doc:walk({ Para = Para, Link = Link, Math = Math, CodeBlock = CodeBlock })
  doc = doc:walk({ Image = Image, Span = Span })
  for i, top in ipairs(doc.blocks) do top.content = top.content:walk({ Div = Div }) end
  return marked_parts(doc)
end

return { { Pandoc = Pandoc } }
