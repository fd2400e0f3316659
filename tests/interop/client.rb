# SPDX-License-Identifier: LGPL-2.1-or-later
# client.rb URI: what Ruby's libvirt sees of a guest's life. Ruby has no event
# loop of the library's, so here is a small one.

require "libvirt"

# Handles and timers that the library asks for, and a turn of the loop.
class Loop
  def initialize
    @handles = {}
    @timers = {}
    @next = 1
    Libvirt.event_register_impl(
      method(:add_handle).to_proc, method(:update_handle).to_proc,
      method(:remove_handle).to_proc, method(:add_timer).to_proc,
      method(:update_timer).to_proc, method(:remove_timer).to_proc)
  end

  def add_handle(fd, events, opaque)
    @handles[@next] = [IO.for_fd(fd, autoclose: false), events, opaque]
    (@next += 1) - 1
  end

  def update_handle(id, events)
    @handles[id][1] = events
  end

  def remove_handle(id)
    @handles.delete(id).last
  end

  def add_timer(interval, opaque)
    @timers[@next] = [interval, opaque]
    (@next += 1) - 1
  end

  def update_timer(id, interval)
    @timers[id][0] = interval
  end

  def remove_timer(id)
    @timers.delete(id).last
  end

  def turn
    wanted = ->(bit) { @handles.values.select { |h| h[1] & bit != 0 }.map(&:first) }
    ready = IO.select(wanted.(Libvirt::EVENT_HANDLE_READABLE),
                      wanted.(Libvirt::EVENT_HANDLE_WRITABLE), [], 0.05)
    read, write = ready || [[], []]
    @handles.to_a.each do |id, (io, _, opaque)|
      events = 0
      events |= Libvirt::EVENT_HANDLE_READABLE if read.include?(io)
      events |= Libvirt::EVENT_HANDLE_WRITABLE if write.include?(io)
      Libvirt.event_invoke_handle_callback(id, io.fileno, events, opaque) if events != 0
    end
    @timers.to_a.each do |id, (interval, opaque)|
      Libvirt.event_invoke_timeout_callback(id, opaque) if interval == 0
    end
  end
end

NEW = <<~XML
  <domain type='test'>
    <name>ruby</name>
    <memory>65536</memory>
    <os><type>hvm</type></os>
  </domain>
XML

# What the block raises, as a line.
def error_of
  yield
  "no error"
rescue Libvirt::Error => e
  "#{e.class} #{e.libvirt_code}: #{e.libvirt_message}"
end

events = []
event_loop = Loop.new
conn = Libvirt.open(ARGV[0])
conn.domain_event_register_any(
  Libvirt::Connect::DOMAIN_EVENT_ID_LIFECYCLE,
  ->(_conn, domain, event, detail, _opaque) { events << [domain.name, event, detail] })
puts "#{conn.type}, domains #{conn.list_domains}, defined #{conn.list_defined_domains}"
domain = conn.define_domain_xml(NEW)
puts "#{domain.name}: active #{domain.active?}, persistent #{domain.persistent?}"
domain.create
domain.suspend
info = domain.info
puts "state #{info.state}, #{info.max_mem} KiB, #{info.nr_virt_cpu} CPU"
domain.resume
domain.autostart = true
puts "autostart #{domain.autostart?}"
domain.memory = 32768
puts "memory #{domain.info.memory}"
picture = conn.stream
type = domain.screenshot(picture, 0)
bytes = +""
picture.recvall(bytes) { |data, _| bytes << data; data.bytesize }
picture.finish
puts "#{type}, #{bytes.start_with?("\x89PNG".b)}"
domain.destroy
domain.undefine
puts error_of { conn.lookup_domain_by_name("ruby") }
puts error_of { conn.define_domain_xml("<domain>") }
puts error_of { conn.list_all_nwfilters }
deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 10
event_loop.turn until events.size >= 6 ||
                      Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline
events.each { |e| puts "event #{e.join(" ")}" }
$stdout.flush
# Not by way of Ruby's own end, in which the library still calls the loop.
exit!(conn.close.nil?)
