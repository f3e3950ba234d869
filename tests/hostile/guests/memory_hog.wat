;; Takes all the memory it can get for poison, and dies of not getting more.
(func $begin)
(func $decode (param $input i32) (param $result i32)
  (if (call $is_poison (local.get $input))
    (then
      (loop $more
        (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
      (unreachable)))
  (call $queued (local.get $input) (local.get $result)))
