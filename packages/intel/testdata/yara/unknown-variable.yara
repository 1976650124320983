rule r { condition: timezone == "UTC" }
